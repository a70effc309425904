package io.headwater.ops;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Status;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "backups",
        mixinStandardHelpOptions = true,
        description = "Lists the backups, oldest first. Any time after the first can be restored.")
final class BackupsCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Override
    public Integer call() {
        var backups = Status.backups(headwater.stack());
        headwater.console().say(render(headwater.json(), backups));
        return backups.isEmpty() ? Headwater.WRONG : 0;
    }

    static String render(boolean json, List<Status.Backup> backups) {
        if (json) {
            return Json.mapper().valueToTree(backups).toPrettyString();
        }
        return backups.isEmpty()
                ? "There is no backup, or `backup` does not answer: docker compose logs backup"
                : backups.stream()
                        .map(backup ->
                                "%-5s %-36s ended %s  %,d KiB"
                                        .formatted(
                                                backup.type(),
                                                backup.label(),
                                                Instant.ofEpochSecond(backup.ended()),
                                                backup.bytes() / 1024))
                        .collect(Collectors.joining(System.lineSeparator()));
    }
}
