package io.headwater.ops;

import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description =
                "Makes a node lead where the cluster does not agree on one by itself. What the node has not received is lost; where a leader is alive, use switchover.")
final class FailoverCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(paramLabel = "NODE", description = "Who is to lead.")
    private String node = "";

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        var stack = headwater.stack();
        var cluster = new Cluster(stack);
        stack.requireNode(node);
        if (cluster.leader().filter(node::equals).isPresent()) {
            throw new Trouble(node + " leads already");
        }
        String warning =
                cluster.leader()
                        .map(leader ->
                                "%s is alive and leads; a switchover would lose nothing. "
                                        .formatted(leader))
                        .orElse("");
        if (!headwater
                .console()
                .confirm(
                        "%s%s becomes the primary; commands that it has not received are lost."
                                .formatted(warning, node),
                        yes)) {
            return Headwater.NOT_CONFIRMED;
        }
        stack.in(
                        Duration.ofMinutes(1),
                        node,
                        "patronictl",
                        "failover",
                        "headwater",
                        "--candidate",
                        node,
                        "--force")
                .orTrouble("The failover");
        if (!Cluster.await(
                Duration.ofMinutes(1),
                () -> cluster.sql(node, "SELECT pg_is_in_recovery()").equals("f"))) {
            throw new Trouble(node + " does not lead after a minute; see `headwater status`");
        }
        headwater.console().say(node + " leads");
        return 0;
    }
}
