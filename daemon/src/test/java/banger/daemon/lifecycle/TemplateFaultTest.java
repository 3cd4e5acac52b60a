package banger.daemon.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.wire.rpc.Methods;
import banger.wire.rpc.OperationMessages.OperationView;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A create that has no template although there was one. */
class TemplateFaultTest {
    @TempDir
    Path folder;

    private TestDaemon daemon;
    private OneTemplate template;

    @BeforeEach
    void thereIsATemplate() throws Exception {
        template = new OneTemplate(folder.resolve("template"));
        daemon = new TestDaemon(folder);
        daemon.templates = template;
        daemon.restart();
    }

    @AfterEach
    void end() {
        daemon.close();
    }

    private List<String> told(OperationView view) {
        return view.stages().stream()
                .filter(stage -> stage.stage().equals("cold"))
                .map(stage -> stage.text())
                .toList();
    }

    @Test
    void itGoesColdWithALineThatSaysWhy() {
        assertEquals(List.of(), told(daemon.client.done(Methods.VM_CREATE, TestDaemon.request("restored"))));
        template.lose();
        var booted = daemon.client.done(Methods.VM_CREATE, TestDaemon.request("booted"));
        assertEquals(List.of("the template is lost; booting cold"), told(booted));
        assertEquals("booted", daemon.machine("booted").memory);
        assertTrue(daemon.states().contains("booted running"));
    }
}
