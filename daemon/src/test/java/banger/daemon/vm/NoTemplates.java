package banger.daemon.vm;

import banger.daemon.image.Image;
import java.util.Optional;

/** There is no template, ever. */
public final class NoTemplates implements Templates {
    @Override
    public Optional<FrozenVm> find(Vm vm, Image image) {
        return Optional.empty();
    }

    @Override
    public void distrust(FrozenVm template, String reason) {}

    @Override
    public void missed(Vm vm, Image image) {}
}
