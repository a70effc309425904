package io.headwater.local;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What `./run` starts. The script itself answers `--help`, from `usage.txt`: it need not be built
/// for that.
@Command(name = "./run", subcommands = Main.Token.class)
final class Main implements Callable<Integer> {
    @Option(names = "--demo")
    private boolean demo;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new Main())
                        .setParameterExceptionHandler(Main::refuse)
                        .setExecutionExceptionHandler(Main::report)
                        .execute(arguments));
    }

    @Override
    public Integer call() {
        new Session(LocalFolders.home(), demo).run();
        return 0;
    }

    private static int refuse(CommandLine.ParameterException mistake, String[] arguments) {
        mistake.getCommandLine()
                .getErr()
                .println(mistake.getMessage() + ": ./run --help tells what there is.");
        return 2;
    }

    private static int report(Exception broken, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (broken instanceof LocalFailure failure) {
            command.getErr().println(failure.getMessage());
            return 1;
        }
        throw broken;
    }

    /// Prints a token and nothing else, so that a script can take it.
    @Command(name = "token")
    static final class Token implements Callable<Integer> {
        private static final Set<String> KNOWN = Set.of("read", "write", "model-admin", "audit");
        private static final int MOST_DAYS = 3650;

        @Option(names = "--scopes", split = "[ ,]+", defaultValue = "read,write,model-admin,audit")
        private String[] scopes = {};

        @Option(names = "--subject", defaultValue = "local-developer")
        private String subject = "";

        @Option(names = "--days", defaultValue = "30")
        private int days;

        @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

        @Override
        public Integer call() {
            List<String> unknown =
                    Arrays.stream(scopes).filter(scope -> !KNOWN.contains(scope)).toList();
            if (!unknown.isEmpty()) {
                throw new LocalFailure(
                        "There is no scope "
                                + unknown.getFirst()
                                + ": use read, write, model-admin or audit.");
            }
            if (days < 1 || days > MOST_DAYS) {
                throw new LocalFailure("--days is " + days + ": use 1 to " + MOST_DAYS + ".");
            }
            Path home = LocalFolders.makePrivate(LocalFolders.home());
            String token =
                    TokenIssuer.in(home).token(subject, List.of(scopes), Duration.ofDays(days));
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println(token);
            out.flush();
            return 0;
        }
    }
}
