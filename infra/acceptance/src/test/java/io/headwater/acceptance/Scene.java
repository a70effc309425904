package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.ConsistencyToken;
import io.headwater.local.LocalPlatform;
import io.headwater.local.LocalPlatformBuilder;
import java.nio.file.Path;

/// The whole system on this machine, in a temporary folder, and two clients of it.
final class Scene implements AutoCloseable {
    final LocalPlatform platform;
    final Client commands;
    final Client queries;

    Scene() {
        this(LocalPlatform.builder().inTemporaryFolder());
    }

    /// Leaves what it wrote in the folder.
    Scene(Path home) {
        this(LocalPlatform.builder().inFolder(home));
    }

    private Scene(LocalPlatformBuilder builder) {
        platform = builder.start();
        String token = platform.token("read", "write", "model-admin");
        commands = new Client(platform.command().url(), token);
        queries = new Client(platform.query().url(), token);
    }

    void define(String model, String definition) {
        Answer answer = commands.send("PUT", "/models/" + model, definition);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    }

    /// Reads when the standby has what the token names; asks again while the system heals.
    Answer getAtLeast(ConsistencyToken token, String path) {
        return org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofMinutes(2))
                .pollInterval(java.time.Duration.ofMillis(100))
                .ignoreExceptions()
                .until(
                        () ->
                                queries.get(
                                        path,
                                        ConsistencyToken.AT_LEAST_HEADER,
                                        token.toString(),
                                        "Prefer",
                                        "wait=10"),
                        answer -> answer.status() != 503);
    }

    @Override
    public void close() {
        platform.close();
    }
}
