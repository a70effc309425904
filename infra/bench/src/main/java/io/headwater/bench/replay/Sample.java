package io.headwater.bench.replay;

import io.headwater.bench.git.SampleHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a repository to try a replay on.
@Command(
        name = "infra/bench/replay sample",
        mixinStandardHelpOptions = true,
        description =
                "Makes a repository with a history to try a replay on: FOLDER/history.git and FOLDER/mapping.yaml.")
final class Sample implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER")
    private Path folder = Path.of(".");

    @Option(
            names = "--files",
            defaultValue = "300",
            description = "About so many; ${DEFAULT-VALUE}.")
    private int files;

    @Option(names = "--commits", defaultValue = "300", description = "${DEFAULT-VALUE}.")
    private int commits;

    @Option(names = "--seed", defaultValue = "1", description = "${DEFAULT-VALUE}.")
    private long seed;

    private Sample() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Sample()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        SampleHistory.make(folder.resolve("history.git"), files, commits, seed);
        Files.writeString(folder.resolve("mapping.yaml"), SampleHistory.MAPPING);
        System.out.println(
                folder.resolve("history.git") + " and " + folder.resolve("mapping.yaml"));
        return 0;
    }
}
