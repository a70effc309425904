package io.headwater.bench.load;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.contract.EventType;
import io.headwater.eventstore.NewEvent;
import java.util.List;
import java.util.UUID;

/// Events as the command service would append them: the creation of a customer, about 400 bytes.
/// Safe for concurrent use.
public final class SampleEvents {
    private static final String METADATA =
            "{\"actor\":\"bench\",\"cause\":\"018f2c5e-7a10-7c3b-9f0e-5a1b2c3d4e5f\","
                    + "\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"}";

    private SampleEvents() {}

    /// @param moreTags besides the record's own
    public static NewEvent created(List<String> moreTags) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        String tag = "record=customer/" + id;
        List<String> tags =
                moreTags.isEmpty()
                        ? List.of(tag)
                        : java.util.stream.Stream.concat(
                                        java.util.stream.Stream.of(tag), moreTags.stream())
                                .toList();
        return new NewEvent(
                id,
                EventType.RECORD_CREATED,
                EventType.VERSION,
                System.currentTimeMillis() * 1000,
                payload(id.toString()),
                METADATA,
                tags);
    }

    private static String payload(String id) {
        return "{\"model\":\"customer\",\"modelVersion\":1,\"id\":\""
                + id
                + "\",\"revision\":1,\"fields\":{\"name\":\"Ada Lovelace of Ockham Park\",\"email\":\""
                + id
                + "@example.org\",\"city\":\"London\",\"limit\":\"1250.00\",\"tier\":\"gold\","
                + "\"since\":\"2026-01-31\",\"note\":\"Prefers letters to calls; pays within ten days.\"}}";
    }
}
