package io.headwater.ops;

import io.headwater.ops.stack.Status;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "backup", mixinStandardHelpOptions = true, description = "Makes a backup now.")
final class BackupCommand implements Callable<Integer> {
    enum Type {
        full,
        diff,
        incr
    }

    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(
            arity = "0..1",
            defaultValue = "incr",
            paramLabel = "TYPE",
            description = "${COMPLETION-CANDIDATES}; by itself ${DEFAULT-VALUE}.")
    private Type type = Type.incr;

    @Override
    public Integer call() {
        var stack = headwater.stack();
        headwater.console().progress("a backup is under way: " + type);
        stack.in(Duration.ofHours(12), "backup", "pgbackrest", "--type=" + type, "backup")
                .orTrouble("The backup");
        var backups = Status.backups(stack);
        if (backups.isEmpty()) {
            throw new Trouble("The backup was made, and the repository does not list it");
        }
        headwater
                .console()
                .say(
                        BackupsCommand.render(
                                headwater.json(),
                                backups.subList(backups.size() - 1, backups.size())));
        return 0;
    }
}
