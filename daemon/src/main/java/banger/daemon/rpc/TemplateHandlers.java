package banger.daemon.rpc;

import banger.daemon.image.ImageStore;
import banger.daemon.operation.Operations;
import banger.daemon.template.StoredTemplates;
import banger.daemon.template.Template;
import banger.daemon.template.TemplateMaker;
import banger.daemon.vm.NewVm;
import banger.daemon.vm.Vm;
import banger.daemon.vm.VmRequest;
import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationRef;
import banger.wire.rpc.TemplateMessages.TemplateList;
import banger.wire.rpc.TemplateMessages.TemplateRef;
import banger.wire.rpc.TemplateMessages.TemplateView;
import banger.wire.rpc.TemplateMessages.WarmImage;
import java.util.List;
import java.util.Locale;

/** Answers calls about templates. */
public final class TemplateHandlers {
    private final StoredTemplates templates;
    private final TemplateMaker maker;
    private final ImageStore images;
    private final NewVm newVm;
    private final Operations operations;

    public TemplateHandlers(
            StoredTemplates templates, TemplateMaker maker, ImageStore images, NewVm newVm, Operations operations) {
        this.templates = templates;
        this.maker = maker;
        this.images = images;
        this.newVm = newVm;
        this.operations = operations;
    }

    public void register(Router router) {
        router.on(Methods.IMAGE_WARM, this::warm)
                .on(
                        Methods.TEMPLATE_LIST,
                        nothing -> new TemplateList(
                                templates.list().stream().map(this::view).toList()))
                .on(Methods.TEMPLATE_DELETE, this::delete)
                .on(Methods.TEMPLATE_PRUNE, nothing -> prune());
    }

    /** The template's shape is that of a VM which the same request would create. */
    private OperationRef warm(WarmImage call) {
        Vm like = newVm.of(new VmRequest(
                null, call.image(), call.vcpus(), call.memoryBytes(), null, call.network(), List.of(), false));
        var image = images.find(like.imageId()).orElseThrow();
        return new OperationRef(operations
                .begin("image.warm", image.name(), progress -> maker.make(image, like.spec(), progress))
                .id());
    }

    private TemplateView delete(TemplateRef call) {
        Template template = templates.resolve(call.template());
        TemplateView view = view(template);
        templates.delete(template);
        return view;
    }

    /** Deletes those that no new VM would be restored from. */
    private TemplateList prune() {
        List<Template> stale =
                templates.list().stream().filter(each -> !isCurrent(each)).toList();
        List<TemplateView> views = stale.stream().map(this::view).toList();
        stale.forEach(templates::delete);
        return new TemplateList(views);
    }

    private boolean isCurrent(Template template) {
        return templates.isCurrent(template, images.findByName(template.image()));
    }

    private TemplateView view(Template template) {
        return new TemplateView(
                template.digest(),
                template.image(),
                template.vcpus(),
                template.memoryBytes(),
                template.network().toLowerCase(Locale.ROOT),
                template.diskBytes(),
                templates.diskBytes(template),
                isCurrent(template),
                template.createdAt().toString());
    }
}
