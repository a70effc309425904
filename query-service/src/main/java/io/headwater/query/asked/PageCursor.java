package io.headwater.query.asked;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.Operator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where a page ended: the sort keys of its last record. As text it is opaque, and bound to the
/// model, the sort and the filter: with others it is refused, since it would skip or repeat records
/// in silence. It gives no access to anything, so it is guarded against slips, not forgery.
///
/// @param values canonical, as text, one for each sort key; null where the record has no value
/// @param snapshot what the first page has seen, and so all pages after it
public record PageCursor(List<@Nullable String> values, Snapshot snapshot) {
    private static final int VERSION = 2;
    private static final String AT = "at";
    private static final String ASKED = "asked";
    private static final String VALUES = "values";
    private static final int DIGEST_BYTES = 8;
    private static final int LONGEST = 64 * 1024;

    /// @param at place of the log, as it was for the first page
    /// @param asked the moment that the first page was asked for, in the client's words; empty for
    ///   now
    public record Snapshot(ConsistencyToken at, String asked) {}

    public PageCursor {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /// The cursor as text.
    ///
    /// @param binding what else it is bound to: of use for no other
    public String encode(String binding) {
        var json =
                Json.mapper()
                        .createObjectNode()
                        .put(AT, snapshot.at().toString())
                        .put(ASKED, snapshot.asked());
        var array = json.putArray(VALUES);
        values.forEach(array::add);
        byte[] content = json.toString().getBytes(StandardCharsets.UTF_8);
        byte[] body =
                ByteBuffer.allocate(1 + DIGEST_BYTES + content.length)
                        .put((byte) VERSION)
                        .put(digest(binding.getBytes(StandardCharsets.UTF_8)))
                        .put(content)
                        .array();
        byte[] whole =
                ByteBuffer.allocate(body.length + DIGEST_BYTES).put(body).put(digest(body)).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /// Reads what [#encode] wrote for the same binding.
    ///
    /// @param where names the cursor, for faults
    /// @return null if a fault was added
    public static @Nullable PageCursor decode(
            String text, String binding, List<SortKey> sort, String where, Faults faults) {
        byte[] body = body(text);
        if (body == null) {
            faults.add(
                    where,
                    "cursor",
                    "This is no cursor of this service; take it from next of the page before");
            return null;
        }
        byte[] bound = digest(binding.getBytes(StandardCharsets.UTF_8));
        if (!Arrays.equals(body, 1, 1 + DIGEST_BYTES, bound, 0, DIGEST_BYTES)) {
            faults.add(
                    where,
                    "cursor",
                    "The cursor belongs to another model, sort or filter; begin again without it, or ask as before");
            return null;
        }
        JsonNode content = content(body);
        Snapshot snapshot = content == null ? null : snapshot(content);
        List<@Nullable String> values = content == null ? null : values(content.path(VALUES), sort);
        if (values == null || snapshot == null) {
            faults.add(
                    where,
                    "cursor",
                    "The cursor does not fit the model any more; begin again without it");
            return null;
        }
        return new PageCursor(values, snapshot);
    }

    /// The snapshot of a cursor, before anything else of it is looked at; null if the text is no
    /// cursor, which [#decode] will say.
    public static @Nullable Snapshot snapshot(String text) {
        byte[] body = body(text);
        JsonNode content = body == null ? null : content(body);
        return content == null ? null : snapshot(content);
    }

    private static @Nullable Snapshot snapshot(JsonNode content) {
        return ConsistencyToken.parse(content.path(AT).asString(""))
                .map(at -> new Snapshot(at, content.path(ASKED).asString("")))
                .orElse(null);
    }

    private static @Nullable JsonNode content(byte[] body) {
        try {
            int length = body.length - 1 - DIGEST_BYTES;
            return Json.read(new String(body, 1 + DIGEST_BYTES, length, StandardCharsets.UTF_8));
        } catch (MalformedJsonException e) {
            return null;
        }
    }

    private static byte @Nullable [] body(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int length = whole.length - DIGEST_BYTES;
        if (length < 1 + DIGEST_BYTES || whole[0] != VERSION) {
            return null;
        }
        byte[] body = Arrays.copyOf(whole, length);
        return Arrays.equals(whole, length, whole.length, digest(body), 0, DIGEST_BYTES)
                ? body
                : null;
    }

    private static @Nullable List<@Nullable String> values(JsonNode json, List<SortKey> sort) {
        if (!json.isArray() || json.size() != sort.size()) {
            return null;
        }
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < sort.size(); i++) {
            Column column = sort.get(i).column();
            if (json.get(i).isNull() && !column.always()) {
                values.add(null);
                continue;
            }
            // Checked like any other input: whoever forges a cursor can say no more than a filter
            // can.
            JsonNode given =
                    json.get(i).isString()
                            ? column.type().fromText(json.get(i).stringValue())
                            : json.get(i);
            String value = column.value(Operator.EQ, given, "", new Faults());
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
