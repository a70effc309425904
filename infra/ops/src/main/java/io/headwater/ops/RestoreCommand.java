package io.headwater.ops;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Restore;
import io.headwater.ops.stack.Trouble;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Takes the cluster back to a time: first on trial, into a container that is thrown away, then for good. Services are away meanwhile. What was accepted after that time is undone, and consumers are told (docs/consuming.md).")
final class RestoreCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description = "With its offset: 2026-01-31T12:00:00Z, 2026-01-31T12:00:00.5+01:00.")
    private String to = "";

    @Option(
            names = "--trial",
            description =
                    "Only on trial; the container is left for you to look at, and says its name.")
    private boolean trial;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        var console = headwater.console();
        var restore = new Restore(headwater.stack(), console::progress);
        Instant time = time();
        restore.requirePossible(time);
        String container = restore.onTrial(time);
        var found = restore.look(container);
        String summary =
                "At %s the log had %,d events, the last of %s; it %s"
                        .formatted(
                                time,
                                found.events(),
                                found.newest(),
                                found.sound() ? "is sound." : "IS NOT SOUND, see above.");
        if (trial) {
            console.say(
                    headwater.json()
                            ? Json.mapper()
                                    .createObjectNode()
                                    .put("container", container)
                                    .put("events", found.events())
                                    .put("sound", found.sound())
                                    .toString()
                            : "%s%nLook at it: docker exec -it %s psql headwater%nThrow it away: docker rm -fv %s"
                                    .formatted(summary, container, container));
            return found.sound() ? 0 : Headwater.WRONG;
        }
        restore.throwAway(container);
        if (!found.sound()) {
            throw new Trouble(summary + " Nothing was changed");
        }
        if (!console.confirm(
                summary + " Everything after that is undone, in the log and in all read models.",
                yes)) {
            return Headwater.NOT_CONFIRMED;
        }
        restore.bringBack(time);
        restore.completeCluster();
        console.say(
                headwater.json()
                        ? Json.mapper()
                                .createObjectNode()
                                .put("restoredTo", time.toString())
                                .put("events", found.events())
                                .toString()
                        : "The cluster is as it was at %s, with %,d events, and consumers are told."
                                .formatted(time, found.events()));
        return 0;
    }

    private Instant time() {
        try {
            return OffsetDateTime.parse(to.replace(' ', 'T')).toInstant();
        } catch (DateTimeException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--to is \"%s\", which is no time with an offset, such as 2026-01-31T12:00:00Z"
                            .formatted(to));
        }
    }
}
