package io.headwater.query.pipeline;

import io.headwater.contract.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The relay, as it tells of itself. One that waits behind a leader tells its role and no position.
@Component
@Order(2)
final class RelayStage implements Stage {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI endpoint;

    RelayStage(@Value("${headwater.relay.url}") URI url) {
        this.endpoint = url.resolve("/actuator/relay");
    }

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public void look(ObjectNode description) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint).timeout(PATIENCE).build();
        HttpResponse<byte[]> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new IOException("nobody listens at " + endpoint, e);
        }
        if (response.statusCode() != 200) {
            throw new IOException("it answers with status " + response.statusCode());
        }
        JsonNode told = Json.mapper().readTree(response.body());
        if (!(told instanceof ObjectNode members)) {
            throw new IOException("it answers something else than an object");
        }
        description.setAll(members);
    }
}
