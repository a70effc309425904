package io.headwater.acceptance;

import io.headwater.acceptance.World.Op;
import io.headwater.acceptance.World.Ref;
import io.headwater.acceptance.World.Stored;
import io.headwater.contract.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Commands of all kinds, of which a good part is refused.
final class RandomCommands {
    private final Random random;
    private final World world;

    RandomCommands(Random random, World world) {
        this.random = random;
        this.world = world;
    }

    Op one() {
        Ref ref = new Ref(Shape.any(List.copyOf(world.models()), random), Shape.id(random));
        Stored stored = world.record(ref);
        boolean there = stored != null && stored.fields() != null;
        String kind =
                Shape.any(
                        there
                                ? List.of("put", "patch", "patch", "delete", "create")
                                : List.of("create", "put", "put", "patch", "delete"),
                        random);
        // What cannot be is tried, but less often.
        if (kind.equals("create") == there && random.nextInt(3) > 0) {
            kind = there ? "patch" : "create";
        }
        ObjectNode fields = kind.equals("delete") ? null : fields(ref.model(), kind);
        return new Op(kind, ref, fields, expected(kind, stored, there), validFrom());
    }

    /// Where operations refer to one another by their names only if they come about.
    List<Op> batch() {
        List<Op> batch = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            Op op = one();
            batch.add(
                    op.expected() != null && op.expected() < 0
                            ? new Op(op.kind(), op.ref(), op.fields(), null, op.validFrom())
                            : op);
        }
        return batch;
    }

    private @Nullable Long expected(String kind, @Nullable Stored stored, boolean there) {
        if (kind.equals("create") || random.nextInt(3) > 0) {
            return null;
        }
        return switch (random.nextInt(5)) {
            case 0 -> kind.equals("put") ? 0L : null;
            case 1 -> -1L;
            case 2 -> stored == null ? 1L : stored.revision() + 1;
            default -> there && stored != null ? (Long) stored.revision() : null;
        };
    }

    private @Nullable Instant validFrom() {
        return random.nextInt(3) > 0
                ? null
                : Instant.now()
                        .truncatedTo(ChronoUnit.MICROS)
                        .plusMillis(random.nextInt(20_000) - 15_000);
    }

    private ObjectNode fields(String model, String kind) {
        ObjectNode fields = Json.mapper().createObjectNode();
        boolean patch = kind.equals("patch");
        var columns = world.shape(model).columns();
        columns.forEach((name, column) -> {
            if ((column.required() && !patch) || random.nextInt(patch ? 3 : 2) == 0) {
                fields.set(name, value(column));
            } else if (random.nextInt(patch ? 5 : 20) == 0) {
                fields.putNull(name);
            }
        });
        if (random.nextInt(12) == 0) {
            String name = Shape.any(List.copyOf(columns.keySet()), random);
            fields.set(name, Objects.requireNonNull(columns.get(name)).wrong());
        }
        if (random.nextInt(25) == 0) {
            fields.put("nope", 1);
        }
        return fields;
    }

    /// References lead to what is there, most of the time.
    private JsonNode value(Shape.Column column) {
        if (column.to() != null && random.nextInt(8) > 0) {
            var present = new TreeSet<>(world.at(column.to(), Long.MAX_VALUE, null).keySet());
            if (!present.isEmpty()) {
                return Json.mapper()
                        .getNodeFactory()
                        .stringNode(Shape.any(List.copyOf(present), random));
            }
        }
        return column.value(random);
    }
}
