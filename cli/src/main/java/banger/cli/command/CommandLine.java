package banger.cli.command;

import banger.cli.session.CliFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aesh.command.Command;
import org.aesh.command.impl.internal.ProcessedCommand;
import org.aesh.command.impl.internal.ProcessedOption;
import org.aesh.command.impl.invocation.AeshInvocationProviders;
import org.aesh.command.impl.parser.AeshCommandLineParser;
import org.aesh.command.impl.parser.CommandLineParser.Mode;
import org.aesh.command.invocation.CommandInvocation;
import org.aesh.command.metadata.CommandMetadataProvider;
import org.aesh.command.operator.OperatorType;
import org.aesh.command.parser.CommandLineParserException;
import org.aesh.command.validator.OptionValidatorException;
import org.aesh.parser.ParsedLine;
import org.aesh.parser.ParsedWord;
import org.aesh.parser.ParserStatus;

/** Fills a command's fields from its words, with AEsh's parser and the metadata that its processor generated. */
public final class CommandLine {
    private static final Pattern SURPLUS =
            Pattern.compile("unexpected positional value '(.*)' at index", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private CommandLine() {}

    /**
     * Parses the words behind the command's path into its fields.
     *
     * @return false where help was asked for, so that the command is not to be run
     */
    public static boolean parse(String path, CliCommand command, List<String> words) {
        List<String> own = command.takeOwnWords(words);
        if (own.isEmpty()) {
            return true;
        }
        ProcessedCommand<Command<CommandInvocation>, CommandInvocation> processed = describe(command);
        try {
            var parser = new AeshCommandLineParser<CommandInvocation>(processed);
            parser.parse(lineOf(processed.name(), own).iterator(), Mode.STRICT);
            ProcessedOption help = processed.findLongOptionNoActivatorCheck("help");
            if (help != null && help.getValue() != null) {
                return false;
            }
            parser.doPopulate(processed, new AeshInvocationProviders(), null, Mode.VALIDATE);
            return true;
        } catch (CommandLineParserException | OptionValidatorException e) {
            throw CliFailure.usage(path, sentence(e.getMessage()));
        } catch (IndexOutOfBoundsException e) {
            // AEsh looks at the first character of the word behind an option's value, and an empty word has none.
            throw CliFailure.usage(path, "an empty word stands where a name is expected");
        }
    }

    /** AEsh's description of the command: its name, options and arguments. */
    @SuppressWarnings("unchecked")
    static ProcessedCommand<Command<CommandInvocation>, CommandInvocation> describe(CliCommand command) {
        var metadata = (CommandMetadataProvider<CliCommand>)
                new _AeshMetadataRegistry().get(command.getClass().getName());
        try {
            return metadata.buildProcessedCommand(command);
        } catch (CommandLineParserException e) {
            throw new IllegalStateException(command.getClass().getName(), e);
        }
    }

    private static ParsedLine lineOf(String name, List<String> words) {
        List<ParsedWord> parsed = new ArrayList<>(words.size() + 1);
        parsed.add(new ParsedWord(name, 0));
        for (String word : words) {
            parsed.add(new ParsedWord(word, 0));
        }
        return new ParsedLine(name, parsed, -1, -1, -1, ParserStatus.OK, "", OperatorType.NONE);
    }

    /** In the style of our own messages: lower case, no full stop, and no word about AEsh's indexes. */
    private static String sentence(String message) {
        Matcher surplus = SURPLUS.matcher(message);
        if (surplus.lookingAt()) {
            return "unexpected \"" + surplus.group(1) + "\"";
        }
        String text = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        return text.isEmpty() ? "cannot be parsed" : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
