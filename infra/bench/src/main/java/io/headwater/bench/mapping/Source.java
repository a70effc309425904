package io.headwater.bench.mapping;

import io.headwater.contract.Faults;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Where in a file, or in its path, a value comes from.
sealed interface Source {
    /// @return null if there is no value
    @Nullable JsonNode of(JsonNode record, Matcher path);

    /// Whether what it gives is bare text in any file.
    boolean isText();

    /// A JSON Pointer into the record.
    record Member(JsonPointer pointer) implements Source {
        @Override
        public @Nullable JsonNode of(JsonNode record, Matcher path) {
            JsonNode value = record.at(pointer);
            return value.isMissingNode() || value.isNull() ? null : value;
        }

        @Override
        public boolean isText() {
            return false;
        }
    }

    /// A named group of the pattern of paths.
    record Capture(String group) implements Source {
        @Override
        public @Nullable JsonNode of(JsonNode record, Matcher path) {
            String value = path.group(group);
            return value == null ? null : StringNode.valueOf(value);
        }

        @Override
        public boolean isText() {
            return true;
        }
    }

    /// `$name` is a group of the path, `/a/b` a pointer, all else the name of a member.
    ///
    /// @throws IllegalArgumentException if it is not valid
    static Source parse(String text) {
        if (text.startsWith("$")) {
            return new Capture(text.substring(1));
        }
        return new Member(
                JsonPointer.compile(text.startsWith("/") ? text : Faults.member("", text)));
    }
}
