package banger.daemon.template;

/** One of the things that a template is made of: where it becomes another, the template is stale. */
enum Ingredient {
    FORMAT("the way that machines are frozen"),
    IMAGE("the image"),
    HOME("the home that vms begin with"),
    READINESS("what the image counts as ready"),
    KERNEL("the kernel"),
    AGENT("the agent"),
    DRIVER("the driver or the cpu"),
    CERTIFICATES("the host's certificates");

    /** For a person. */
    final String words;

    Ingredient(String words) {
        this.words = words;
    }
}
