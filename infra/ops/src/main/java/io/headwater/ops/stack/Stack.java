package io.headwater.ops.stack;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Program.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The containers of `infra/compose` on this host, by Docker's own command. Safe for concurrent
/// use.
public final class Stack {
    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final String SMALL = "compose.small.yml";

    private final Path folder;
    private final boolean small;
    private final String project;

    /// The stack of the project that `COMPOSE_PROJECT_NAME` names, else of the one that the file
    /// names.
    ///
    /// @param folder of `compose.yml`
    /// @param small whether it is the form with one of each
    public Stack(Path folder, boolean small) {
        this.folder = folder;
        this.small = small;
        this.project =
                Objects.requireNonNullElse(
                        System.getenv("COMPOSE_PROJECT_NAME"),
                        small ? "headwater-small" : "headwater");
        if (!Files.isReadable(folder.resolve("compose.yml"))) {
            throw new Trouble(
                    "There is no compose.yml in %s; say with --compose where infra/compose is"
                            .formatted(folder));
        }
    }

    public Path folder() {
        return folder;
    }

    public boolean small() {
        return small;
    }

    /// The database nodes, whether or not they run.
    public List<String> nodes() {
        return small ? List.of("pg1") : List.of("pg1", "pg2", "pg3");
    }

    /// @throws Trouble if there is no database node of that name
    public void requireNode(String node) {
        if (!nodes().contains(node)) {
            throw new Trouble(
                    "There is no node %s; there are %s"
                            .formatted(node, String.join(", ", nodes())));
        }
    }

    /// Services of one kind: `several("relay")` is `relay1`, `relay2`.
    public List<String> several(String kind) {
        return small ? List.of(kind + "1") : List.of(kind + "1", kind + "2");
    }

    public String container(String service) {
        return project + "-" + service + "-1";
    }

    public Ran compose(Duration atMost, String... arguments) {
        return compose(small ? List.of("-f", SMALL) : List.of(), atMost, arguments);
    }

    /// The same with another file laid over the stack's own.
    public Ran composeOver(String file, Duration atMost, String... arguments) {
        return compose(List.of("-f", small ? SMALL : "compose.yml", "-f", file), atMost, arguments);
    }

    private Ran compose(List<String> files, Duration atMost, String... arguments) {
        var command = new ArrayList<>(List.of("docker", "compose"));
        command.addAll(files);
        command.addAll(List.of(arguments));
        return Program.run(folder, atMost, command);
    }

    public Ran docker(Duration atMost, String... arguments) {
        return Program.run(
                folder, atMost, Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList());
    }

    public Ran docker(String... arguments) {
        return docker(SHORT, arguments);
    }

    /// Runs a program of this folder, such as `./make-token`.
    public Ran script(String... command) {
        return Program.run(folder, Duration.ofMinutes(2), List.of(command));
    }

    /// Runs a command inside the container of a service.
    public Ran in(String service, String... command) {
        return in(SHORT, service, command);
    }

    public Ran in(Duration atMost, String service, String... command) {
        return docker(
                atMost,
                Stream.concat(Stream.of("exec", container(service)), Stream.of(command))
                        .toArray(String[]::new));
    }

    /// State of each container, such as `running (healthy)`, by service.
    public Map<String, String> states() {
        var states = new TreeMap<String, String>();
        docker(
                        "ps",
                        "-a",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.oneoff=False",
                        "--format",
                        "{\"service\":{{json (.Label \"com.docker.compose.service\")}},\"state\":{{json .State}},\"status\":{{json .Status}}}")
                .orTrouble("Asking Docker which containers there are")
                .lines()
                .map(line -> Json.mapper().readTree(line))
                .forEach(row -> {
                    String status = row.path("status").stringValue();
                    states.put(
                            row.path("service").stringValue(),
                            row.path("state").stringValue()
                                    + (status.contains("unhealthy")
                                            ? " (unhealthy)"
                                            : status.contains("starting") ? " (starting)" : ""));
                });
        return states;
    }

    /// Where a port of a container is on this host: `127.0.0.1:8088`.
    public String address(String service, int port) {
        return docker("port", container(service), Integer.toString(port))
                .orTrouble("Looking for port " + port + " of " + service)
                .lines()
                .findFirst()
                .orElseThrow(() -> new Trouble(service + " has no port " + port + " on this host"));
    }

    public void kill(String... services) {
        docker(with("kill", services)).orTrouble("Killing " + String.join(", ", services));
    }

    public void start(String... services) {
        docker(Duration.ofMinutes(2), with("start", services))
                .orTrouble("Starting " + String.join(", ", services));
    }

    public void stop(String... services) {
        docker(Duration.ofMinutes(4), with("stop", services))
                .orTrouble("Stopping " + String.join(", ", services));
    }

    public void pause(String... services) {
        docker(with("pause", services)).orTrouble("Pausing " + String.join(", ", services));
    }

    public void unpause(String... services) {
        docker(with("unpause", services)).orTrouble("Unpausing " + String.join(", ", services));
    }

    /// Takes a container off the network; what runs in it goes on.
    public void cutOff(String service) {
        docker("network", "disconnect", network(), container(service))
                .orTrouble("Cutting off " + service);
    }

    public void reconnect(String service) {
        docker("network", "connect", "--alias", service, network(), container(service))
                .orTrouble("Connecting " + service + " again");
    }

    private String network() {
        return project + "_default";
    }

    private String[] with(String verb, String... services) {
        return Stream.concat(Stream.of(verb), Stream.of(services).map(this::container))
                .toArray(String[]::new);
    }
}
