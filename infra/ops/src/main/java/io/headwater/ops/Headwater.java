package io.headwater.ops;

import io.headwater.ops.stack.Stack;
import io.headwater.ops.stack.Trouble;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command. Each sub-command ends with 0 if all is well, 1 if it found something wrong, 2 for a
/// bad option, 3 if it could not do what was asked, 4 if it was not confirmed.
@Command(
        name = "headwater",
        mixinStandardHelpOptions = true,
        version = "headwater 0.1.0",
        sortOptions = false,
        description = "Operates the stack of infra/compose on this host.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nEnds with:%n",
        exitCodeList = {
            "0:all is well",
            "1:something is wrong; it says what and what to do",
            "2:a bad option",
            "3:what was asked could not be done",
            "4:it was not confirmed, and nothing was done"
        },
        subcommands = {
            StatusCommand.class,
            SwitchoverCommand.class,
            FailoverCommand.class,
            BackupCommand.class,
            BackupsCommand.class,
            RestoreCommand.class,
            VerifyCommand.class,
            RejoinCommand.class,
            DrillCommand.class,
            TokenCommand.class,
            SecretsCommand.class
        })
final class Headwater implements Runnable {
    static final int WRONG = 1;
    static final int NOT_DONE = 3;
    static final int NOT_CONFIRMED = 4;

    @Option(
            names = "--compose",
            paramLabel = "FOLDER",
            scope = ScopeType.INHERIT,
            description = "Where compose.yml is; by itself it knows.")
    private Path compose = Path.of(System.getProperty("headwater.compose", "infra/compose"));

    @Option(
            names = "--small",
            scope = ScopeType.INHERIT,
            description = "The stack is the one of compose.small.yml.")
    private boolean small;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "The result as JSON on standard output; progress goes to standard error.")
    private boolean json;

    @Spec private CommandSpec spec;

    Headwater() {
        spec = CommandSpec.create();
    }

    Stack stack() {
        return new Stack(compose.toAbsolutePath().normalize(), small);
    }

    boolean json() {
        return json;
    }

    Console console() {
        return new Console(spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do.");
    }

    static CommandLine commandLine() {
        return new CommandLine(new Headwater())
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    if (failure instanceof Trouble) {
                        commandLine.getErr().println(failure.getMessage());
                    } else {
                        failure.printStackTrace(commandLine.getErr());
                    }
                    commandLine.getErr().flush();
                    return NOT_DONE;
                });
    }

    public static void main(String[] arguments) {
        var commandLine =
                commandLine()
                        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(commandLine.execute(arguments));
    }
}
