package io.headwater.ops;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Cluster.Member;
import io.headwater.ops.stack.Trouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "switchover",
        mixinStandardHelpOptions = true,
        description = "Lets another node lead: commands are held for some seconds, and none fails.")
final class SwitchoverCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description = "Who is to lead; by itself a standby that confirms commits.")
    private @Nullable String node;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        var cluster = new Cluster(headwater.stack());
        String leader = cluster.leaderOrTrouble();
        var candidates =
                cluster.members().stream()
                        .filter(member -> member.confirms() && member.state().equals("streaming"))
                        .map(Member::name)
                        .toList();
        String next = node == null ? candidates.stream().findFirst().orElse("") : node;
        if (!candidates.contains(next)) {
            throw new Trouble(
                    candidates.isEmpty()
                            ? "No standby can take over without loss, see `headwater status`. Nothing was done"
                            : "%s cannot take over without loss; who can: %s. Nothing was done"
                                    .formatted(next, String.join(", ", candidates)));
        }
        if (!headwater.console().confirm("%s hands over to %s.".formatted(leader, next), yes)) {
            return Headwater.NOT_CONFIRMED;
        }
        long began = System.nanoTime();
        String leads = cluster.switchover(leader, next);
        double seconds = (System.nanoTime() - began) / 1e9;
        headwater
                .console()
                .say(
                        headwater.json()
                                ? Json.mapper()
                                        .createObjectNode()
                                        .put("from", leader)
                                        .put("to", leads)
                                        .put("seconds", seconds)
                                        .toString()
                                : "%s leads, after %.1f s".formatted(leads, seconds));
        if (node != null && !leads.equals(node)) {
            throw new Trouble(
                    "%s leads, since it had received more than %s; order it once more"
                            .formatted(leads, node));
        }
        return 0;
    }
}
