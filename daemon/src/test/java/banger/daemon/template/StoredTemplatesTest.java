package banger.daemon.template;

import static banger.daemon.template.Shelf.SHAPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import banger.daemon.image.Image;
import banger.daemon.vm.NetworkMode;
import banger.daemon.vm.Templates.Offer;
import banger.daemon.vm.VmSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which template a VM is offered, and what is said where there is none. */
class StoredTemplatesTest {
    private static final Image IMAGE = Shelf.image("debian", "ab");

    @TempDir
    Path folder;

    private Shelf shelf;
    private Template template;

    @BeforeEach
    void oneIsMade() throws IOException {
        shelf = new Shelf(folder);
        template = shelf.put(IMAGE, SHAPE);
    }

    private Offer offer() {
        return shelf.templates().find(SHAPE, IMAGE);
    }

    private void assertOffered() {
        Offer offer = offer();
        assertNull(offer.fault());
        assertEquals(
                template.folder().resolve("ram"),
                offer.template().orElseThrow().machine().memory());
    }

    private void assertNone(String fault) {
        Offer offer = offer();
        assertTrue(offer.template().isEmpty());
        assertEquals(fault, offer.fault());
    }

    @Test
    void aVmOfItsImageAndShapeIsOfferedItAlsoByAnotherDaemon() {
        assertOffered();
        shelf.restart();
        assertOffered();
    }

    @Test
    void whereThereNeverWasOneNothingIsSaid() {
        var twice = new VmSpec(2, 6, 8 * Shelf.GIB, NetworkMode.USER, List.of());
        assertEquals(Offer.none(null), shelf.templates().find(twice, IMAGE));
        assertEquals(Offer.none(null), shelf.templates().find(SHAPE, Shelf.image("other", "cd")));
    }

    @Test
    void ofAStaleOneItIsSaidWhatHasChanged() throws IOException {
        Offer offer = shelf.templates().find(SHAPE, Shelf.image("debian", "cd"));
        assertEquals("the template is stale, as changed since: the image", offer.fault());
        shelf.driver = "two";
        Files.writeString(shelf.agent, "another agent");
        assertNone("the template is stale, as changed since: the agent, the driver or the cpu");
        assertTrue(Files.exists(template.folder()), "the driver may come back");
    }

    @Test
    void theNewestOfStaleOnesIsComparedWith() throws IOException {
        shelf.driver = "two";
        shelf.put(Shelf.image("debian", "cd"), SHAPE);
        shelf.driver = "three";
        assertNone("the template is stale, as changed since: the image, the driver or the cpu");
    }

    @Test
    void damagedDevicesShowOnTheNextUseAndAreToldUntilThereIsAnother() throws IOException {
        assertOffered();
        shelf.damage(template, "devices");
        String fault = "the template was damaged and is removed: its file devices is not what was written";
        assertNone(fault);
        assertFalse(Files.exists(template.folder()));
        assertNone(fault);
        shelf.put(IMAGE, SHAPE);
        assertOffered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ram", "root.ext4", "work.ext4"})
    void whatWasWrittenToSinceIsReadAgain(String file) throws IOException {
        assertOffered();
        shelf.touch(template, file);
        assertOffered();
        shelf.write(template.folder().resolve(file), "frosen");
        assertNone("the template was damaged and is removed: its file " + file + " is not what was written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ram", "root.ext4", "work.ext4"})
    void damageThatLeftNoTraceShowsAfterTheHostHasStartedAnew(String file) throws IOException {
        shelf.damage(template, file);
        assertOffered();
        shelf.rebootHost(template);
        assertNone("the template was damaged and is removed: its file " + file + " is not what was written");
    }

    @Test
    void afterTheHostHasStartedAnewItIsReadOnce() throws IOException {
        shelf.rebootHost(template);
        assertOffered();
        shelf.damage(template, "ram");
        assertOffered();
    }

    @Test
    void aMissingFileIsDamage() throws IOException {
        Files.delete(template.folder().resolve("work.ext4"));
        assertNone("the template was damaged and is removed: its file work.ext4 is missing");
    }

    @Test
    void oneThatCouldNotBeRestoredIsNotOfferedAgain() {
        shelf.templates().distrust(offer().template().orElseThrow(), "no answer");
        assertNone("the template could not be restored and is removed: no answer");
    }

    @Test
    void whyItIsGoneIsWhatWasFoundFirst() throws IOException {
        var found = offer().template().orElseThrow();
        shelf.damage(template, "devices");
        String fault = "the template was damaged and is removed: its file devices is not what was written";
        assertNone(fault);
        shelf.templates().distrust(found, "its files are missing");
        assertNone(fault);
    }

    @Test
    void oneThatWasDeletedIsForgotten() {
        shelf.templates().delete(template);
        assertNone(null);
    }

    @Test
    void damageIsFoundBeforeAnybodyAsks() throws IOException {
        shelf.damage(template, "ram");
        shelf.rebootHost(template);
        shelf.templates().checkAll();
        assertFalse(Files.exists(template.folder()));
        assertNone("the template was damaged and is removed: its file ram is not what was written");
    }

    @Test
    void aCheckThatIsInterruptedFindsNoDamage() throws IOException {
        shelf.rebootHost(template);
        Thread.currentThread().interrupt();
        shelf.templates().checkAll();
        assertTrue(Thread.interrupted());
        assertOffered();
    }

    @Test
    void aVmWithSmallerDisksHasOneMadeThatTheOthersAreMadeOfAsWell() throws IOException {
        VmSpec small = Shelf.shape(4);
        assertEquals(
                "the template's disks have 8 GiB",
                shelf.templates().find(small, IMAGE).fault());
        assertFalse(shelf.templates().has(IMAGE, small));
        shelf.put(IMAGE, small);
        assertTrue(shelf.templates().has(IMAGE, small));
        assertOffered();
        assertEquals(4 * Shelf.GIB, offer().template().orElseThrow().diskBytes());
        assertEquals(1, shelf.templates().list().size());
    }
}
