package io.headwater.acceptance;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Json;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;

/// What a service answered.
record Answer(HttpResponse<String> response) {
    int status() {
        return response.statusCode();
    }

    JsonNode json() {
        return Json.mapper().readTree(response.body());
    }

    String header(String name) {
        return response.headers()
                .firstValue(name)
                .orElseThrow(() -> new AssertionError("No header " + name + " in " + this));
    }

    ConsistencyToken token() {
        return ConsistencyToken.parse(header(ConsistencyToken.HEADER)).orElseThrow();
    }

    long revision() {
        return Long.parseLong(header("ETag").replace("\"", ""));
    }

    @Override
    public String toString() {
        return response.request().method()
                + " "
                + response.uri()
                + " -> "
                + status()
                + " "
                + response.body();
    }
}
