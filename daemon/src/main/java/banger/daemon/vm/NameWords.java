package banger.daemon.vm;

/** The words of made-up names: short, friendly, and each a DNS label by itself. */
final class NameWords {
    private static final String ADJECTIVE_TEXT = """
            able agile airy alert amber ample apt awake balmy bold brave breezy bright brisk bubbly busy calm candid
            careful cheery chipper civil clean clear clever cosy crisp curious dapper daring dashing deft devoted
            diligent dreamy eager early earnest easy elegant epic fair faithful famous fancy fast fearless festive
            fine fluent fond frank free fresh friendly frosty gallant generous gentle gifted glad gleaming golden
            graceful grand happy hardy hearty honest hopeful humble ideal jaunty jolly jovial joyful keen kind lively
            loyal lucid lucky lunar mellow merry mighty mild modest neat nimble noble novel open patient peppy placid
            playful plucky polite proud quick quiet radiant rapid ready rosy royal serene sharp shiny silver sincere
            smart snappy snug solar solid speedy spry stable steady stellar sturdy sunny super sure swift tidy trusty
            upbeat valiant vivid warm wise witty young zesty zippy
            """;

    private static final String NOUN_TEXT = """
            acorn alder anchor antler apple apricot aspen badger bamboo basil bay beacon beaver bell birch bison
            blossom bluebird breeze bridge brook canyon cedar cherry cliff cloud clover cobalt comet compass coral
            cove crane creek cricket crystal cypress daisy dawn delta dolphin dove dune eagle ember falcon fern finch
            fjord flint forest fox garden garnet geyser ginger glacier glade grove gull harbor hare hazel heron hill
            hornbill ibis iris island ivy jade jasmine kestrel kite koala lagoon lake lantern lark laurel lemon lily
            linden lotus lynx magnolia maple marble marten meadow mesa meteor mint moon moss nectar nutmeg oak oasis
            olive orbit orchid oriole osprey otter owl panda peach pebble pepper pine planet plum pond poppy prairie
            puffin quail quartz rabbit raven reef ridge river robin rocket saffron sage salmon sparrow spruce star
            stream summit swan tern thistle tiger topaz trail tulip tundra turtle valley violet walnut wave willow
            wren zephyr
            """;

    static final String[] ADJECTIVES = ADJECTIVE_TEXT.strip().split("\\s+");
    static final String[] NOUNS = NOUN_TEXT.strip().split("\\s+");

    private NameWords() {}
}
