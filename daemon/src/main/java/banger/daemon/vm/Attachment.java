package banger.daemon.vm;

/**
 * Where a machine's network device ends on the host.
 *
 * @param tap the name of a persistent TAP device that is the machine's alone while it runs
 */
public record Attachment(String tap) {}
