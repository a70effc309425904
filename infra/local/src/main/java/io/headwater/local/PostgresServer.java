package io.headwater.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One PostgreSQL server process over one data folder; knows nothing of what is in it. Safe for
/// concurrent use.
final class PostgresServer implements LocalPart {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int STATUS_LINE = 7;

    /// What a server says and ends while children of a killed one have not seen yet that it is
    /// gone.
    private static final String SERVED_STILL = "pre-existing shared memory block";

    private final String name;
    private final Path folder;
    private final Path log;
    private final int port;
    private final PostgresBinaries binaries;
    private final Unprivileged unprivileged;
    private @Nullable ChildProcess child;

    PostgresServer(
            String name,
            Path folder,
            Path log,
            int port,
            PostgresBinaries binaries,
            Unprivileged unprivileged) {
        this.name = name;
        this.folder = folder;
        this.log = log;
        this.port = port;
        this.binaries = binaries;
        this.unprivileged = unprivileged;
    }

    @Override
    public String name() {
        return name;
    }

    Path folder() {
        return folder;
    }

    int port() {
        return port;
    }

    PostgresBinaries binaries() {
        return binaries;
    }

    /// Makes the folder one that the server may write to.
    void giveFolder(Path given) {
        unprivileged.own(LocalFolders.makePrivate(given));
    }

    boolean exists() {
        return Files.exists(folder.resolve("PG_VERSION"));
    }

    /// Makes an empty cluster, whole or not at all.
    ///
    /// @param durable whether to flush it to the disk; not for a folder that lives as long as a
    ///   test
    void init(String superuserPassword, boolean durable) {
        Path half = folder.resolveSibling(folder.getFileName() + ".half");
        LocalFolders.delete(half);
        Path passwordFile = folder.resolveSibling(folder.getFileName() + ".password");
        try {
            LocalFolders.makePrivate(half);
            Files.writeString(passwordFile, superuserPassword + "\n");
            unprivileged.own(half);
            unprivileged.own(passwordFile);
            List<String> command =
                    new java.util.ArrayList<>(
                            unprivileged.command(
                                    binaries.program("initdb"),
                                    "--pgdata=" + half,
                                    "--username=postgres",
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--locale-provider=builtin",
                                    "--builtin-locale=C.UTF-8",
                                    "--data-checksums"));
            if (!durable) {
                command.add("--no-sync");
            }
            Programs.Result result = Programs.run(command);
            if (result.status() != 0) {
                throw new LocalFailure(
                        "Cannot make the data folder " + folder + ":\n" + result.output());
            }
            Files.writeString(
                    half.resolve("postgresql.conf"),
                    "include = 'headwater.conf'\n",
                    StandardCharsets.UTF_8);
            Files.move(half, folder);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot make the data folder " + folder + ": " + broken.getMessage(), broken);
        } finally {
            try {
                Files.deleteIfExists(passwordFile);
            } catch (IOException left) {
                passwordFile.toFile().deleteOnExit();
            }
        }
    }

    /// Sets what it starts with the next time; the port and the loopback address are added.
    void configure(Map<String, String> settings) {
        String text =
                "port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                                .formatted(port)
                        + settings.entrySet().stream()
                                .map(s ->
                                        s.getKey()
                                                + " = '"
                                                + s.getValue().replace("'", "''")
                                                + "'\n")
                                .sorted()
                                .collect(Collectors.joining());
        try {
            Files.writeString(folder.resolve("headwater.conf"), text, StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot write the settings of " + name + ": " + broken.getMessage(), broken);
        }
    }

    /// Makes this folder a copy of another server's, which must not be running.
    void copyFrom(PostgresServer source) {
        Path half = folder.resolveSibling(folder.getFileName() + ".half");
        LocalFolders.delete(half);
        LocalFolders.delete(folder);
        try {
            LocalFolders.copy(
                    source.folder,
                    half,
                    path ->
                            (path.startsWith("pg_replslot") && path.getNameCount() > 1)
                                    || path.startsWith("postmaster.pid")
                                    || path.startsWith("postmaster.opts"));
            Files.move(half, folder);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot copy " + source.folder + " to " + folder + ": " + broken.getMessage(),
                    broken);
        }
    }

    @Override
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        unprivileged.own(folder);
        endOrphan();
        if (!FreePorts.becomesFree(port)) {
            throw LocalPorts.busy(name, port);
        }
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        ChildProcess started = launch();
        while (!isReady(started.pid())) {
            if (!started.isAlive()) {
                if (!started.hasLogged(SERVED_STILL)) {
                    throw started.failure("ended instead of starting");
                }
                started = launch();
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw started.failure("was not ready after " + START_PATIENCE.toSeconds() + " s");
            }
            Pause.of(POLL);
        }
    }

    private ChildProcess launch() {
        ChildProcess started =
                ChildProcess.start(
                        name,
                        unprivileged.command(binaries.program("postgres"), "-D", folder.toString()),
                        Map.of("LC_ALL", "C", "TZ", "UTC"),
                        log,
                        "INT");
        child = started;
        return started;
    }

    // The server writes its state into the eighth line of this file; pg_ctl reads it there too.
    private boolean isReady(long pid) {
        List<String> lines = pidFile();
        return lines.size() > STATUS_LINE
                && lines.getFirst().strip().equals(Long.toString(pid))
                && lines.get(STATUS_LINE).strip().equals("ready");
    }

    private List<String> pidFile() {
        try {
            return Files.readAllLines(folder.resolve("postmaster.pid"));
        } catch (IOException notThere) {
            return List.of();
        }
    }

    /// Ends the server that an earlier run left over this folder.
    ///
    /// @return whether there was one
    boolean endOrphan() {
        List<String> lines = pidFile();
        if (lines.isEmpty()) {
            return false;
        }
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                        .filter(ProcessHandle::isAlive);
        // After a kill of everything but the server, it still runs; after a kill of everything, its
        // number may be another
        // program's by now, and PostgreSQL would take that one for itself.
        boolean ours = process.map(this::servesThisFolder).orElse(false);
        if (ours) {
            Orphan.end(process.orElseThrow(), "INT", STOP_PATIENCE);
        }
        try {
            Files.deleteIfExists(folder.resolve("postmaster.pid"));
        } catch (IOException broken) {
            throw new LocalFailure("Cannot delete " + folder.resolve("postmaster.pid"), broken);
        }
        return ours;
    }

    private boolean servesThisFolder(ProcessHandle process) {
        return Orphan.commandLine(process).contains(folder.toString());
    }

    @Override
    public synchronized void stop() {
        stop("INT");
    }

    /// Without a checkpoint, as `pg_ctl stop -m immediate`: the next start recovers from the WAL.
    synchronized void stopImmediately() {
        stop("QUIT");
    }

    private void stop(String signal) {
        if (child != null) {
            child.end(signal, STOP_PATIENCE);
        }
    }

    @Override
    public synchronized void kill() {
        if (child != null) {
            child.kill();
        }
    }

    @Override
    public synchronized boolean isAlive() {
        return child != null && child.isAlive();
    }
}
