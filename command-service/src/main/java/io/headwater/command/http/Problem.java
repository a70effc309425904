package io.headwater.command.http;

import io.headwater.contract.Fault;
import io.headwater.contract.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An error as a client sees it: problem details, RFC 9457.
///
/// @param code stable name of the kind of problem, last part of its type
/// @param headers of the answer beside its content type
public record Problem(
        int status,
        String code,
        String title,
        String detail,
        ArrayNode errors,
        Map<String, String> headers) {
    /// Media type of the answer.
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPES = "https://headwater.io/problems/";

    public Problem(int status, String code, String title, String detail) {
        this(status, code, title, detail, Json.mapper().createArrayNode(), Map.of());
    }

    /// With the places in the body at which something is wrong.
    public Problem withFaults(List<Fault> faults) {
        return withErrors("pointer", faults);
    }

    /// With what is wrong in the query.
    ///
    /// @param faults their pointers are names of parameters
    public Problem withParameters(List<Fault> faults) {
        return withErrors("parameter", faults);
    }

    public Problem withHeader(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, code, title, detail, errors, more);
    }

    private Problem withErrors(String place, List<Fault> faults) {
        var more = errors.deepCopy();
        for (Fault fault : faults) {
            more.addObject()
                    .put(place, fault.pointer())
                    .put("code", fault.code())
                    .put("detail", fault.detail());
        }
        return new Problem(status, code, title, detail, more, headers);
    }

    public byte[] body() {
        ObjectNode json =
                Json.mapper()
                        .createObjectNode()
                        .put("type", TYPES + code)
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail);
        if (!errors.isEmpty()) {
            json.set("errors", errors);
        }
        return Json.mapper().writeValueAsBytes(json);
    }
}
