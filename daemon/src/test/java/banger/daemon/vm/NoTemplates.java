package banger.daemon.vm;

import banger.daemon.image.Image;

/** There is no template, ever. */
public final class NoTemplates implements Templates {
    @Override
    public Offer find(Vm vm, Image image) {
        return Offer.none(null);
    }

    @Override
    public void distrust(FrozenVm template, String reason) {}

    @Override
    public void missed(Vm vm, Image image) {}
}
