package io.headwater.command.rows;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.RecordId;
import io.headwater.contract.ValidFrom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which column or member of a file becomes which field of a model, and which is the record's id.
/// Immutable.
public final class Layout {
    /// Name of the column or member that is the id unless another is named.
    public static final String PRESET_ID = "id";

    private static final int MOST_MISFITS = 100;

    private final ModelDefinition model;
    private final LayoutChoice choice;
    private final @Nullable String idName;

    public Layout(ModelDefinition model, LayoutChoice choice) {
        this.model = model;
        this.choice = choice;
        boolean presetIsFree = !model.fields().containsKey(PRESET_ID);
        this.idName = choice.id() == null && presetIsFree ? PRESET_ID : choice.id();
    }

    /// A row's record, as a client would have written it in JSON.
    ///
    /// @param id null if the row has none
    /// @param fields not yet checked against the model
    /// @param faults what is wrong already; empty for nothing
    /// @param validFrom since when it is so; null if the row does not say
    public record Laid(
            @Nullable RecordId id,
            ObjectNode fields,
            List<Fault> faults,
            @Nullable Instant validFrom) {
        public Laid(@Nullable RecordId id, ObjectNode fields, List<Fault> faults) {
            this(id, fields, faults, null);
        }
    }

    /// What is wrong with a layout before the first row is read.
    ///
    /// @param parameter of the request that has to change
    public record Misfit(String parameter, String code, String detail) {}

    /// Checks the layout against the model, and against the header of a CSV file. Gives up after
    /// some hundred misfits.
    ///
    /// @param header null for NDJSON
    public List<Misfit> misfits(@Nullable List<String> header) {
        var misfits = new ArrayList<Misfit>();
        var known = String.join(", ", model.fields().keySet());
        var targets = new HashSet<String>();
        choice.map()
                .forEach((from, to) -> {
                    if (!model.fields().containsKey(to)) {
                        misfits.add(
                                new Misfit(
                                        "map",
                                        "unknown-field",
                                        "The model has no field \"%s\"; it has %s"
                                                .formatted(Excerpt.of(to), known)));
                    }
                    if (!targets.add(to)) {
                        misfits.add(
                                new Misfit(
                                        "map",
                                        "duplicate",
                                        "Two columns are mapped to the field " + to));
                    }
                });
        if (header != null) {
            headerMisfits(header, known, misfits);
        }
        return misfits;
    }

    private void headerMisfits(List<String> header, String known, List<Misfit> misfits) {
        // First what the client named itself.
        for (String from : choice.map().keySet()) {
            if (!header.contains(from)) {
                misfits.add(new Misfit("map", "unknown-column", noColumn(from, header)));
            }
        }
        if (choice.id() != null && !header.contains(choice.id())) {
            misfits.add(new Misfit("id", "unknown-column", noColumn(choice.id(), header)));
        }
        if (choice.validFrom() != null && !header.contains(choice.validFrom())) {
            misfits.add(
                    new Misfit(
                            ValidFrom.MEMBER,
                            "unknown-column",
                            noColumn(choice.validFrom(), header)));
        }
        var columns = new HashSet<String>();
        var fields = new HashMap<String, String>();
        for (String column : header) {
            if (misfits.size() >= MOST_MISFITS) {
                return;
            }
            if (!columns.add(column)) {
                misfits.add(
                        new Misfit(
                                "body",
                                "duplicate-column",
                                "The header names the column \"%s\" twice"
                                        .formatted(Excerpt.of(column))));
                continue;
            }
            String field = field(column);
            String other = field == null ? null : fields.put(field, column);
            if (other != null) {
                misfits.add(
                        new Misfit(
                                "map",
                                "duplicate",
                                "The columns \"%s\" and \"%s\" both become the field %s"
                                        .formatted(Excerpt.of(other), Excerpt.of(column), field)));
            }
            if (field == null
                    && !column.equals(idName)
                    && !column.equals(choice.validFrom())
                    && choice.unknown() == LayoutChoice.Unknown.REJECT) {
                misfits.add(
                        new Misfit(
                                "unknown",
                                "unknown-field",
                                "The column \"%s\" is no field of the model, which has %s; map it"
                                                .formatted(Excerpt.of(column), known)
                                        + " to one with map=column:field, or pass over such columns"
                                        + " with unknown=ignore"));
            }
        }
    }

    private static String noColumn(String name, List<String> header) {
        var names = header.stream().limit(50).map(Excerpt::of).toList();
        return "The file has no column \"%s\"; it has %s"
                .formatted(Excerpt.of(name), String.join(", ", names));
    }

    /// @param header of the file that the row is from
    public Laid lay(Row.Cells row, List<String> header) {
        var fields = Json.mapper().createObjectNode();
        var faults = new Faults();
        String id = null;
        Instant from = null;
        for (int i = 0; i < header.size(); i++) {
            String column = header.get(i);
            String cell = row.cells().get(i);
            if (column.equals(idName)) {
                id = cell;
            }
            if (column.equals(choice.validFrom()) && !cell.isEmpty()) {
                from = validFrom(cell, faults);
            }
            String name = field(column);
            var field = name == null ? null : model.fields().get(name);
            boolean missing = cell.isEmpty() && choice.empty() == LayoutChoice.Empty.MISSING;
            if (name != null && field != null && !missing) {
                fields.set(name, field.type().fromText(cell));
            }
        }
        return laid(id, fields, faults, from);
    }

    public Laid lay(Row.Members row) {
        var fields = Json.mapper().createObjectNode();
        var faults = new Faults();
        String id = null;
        Instant from = null;
        for (Map.Entry<String, JsonNode> member : row.members().properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            boolean isId = name.equals(idName);
            if (isId && !value.isNull()) {
                id = id(value, faults);
            }
            boolean isValidFrom = name.equals(choice.validFrom());
            if (isValidFrom && !value.isNull()) {
                from = validFrom(value.asString(""), faults);
            }
            String field = field(name);
            if (field != null) {
                if (fields.has(field)) {
                    faults.add(
                            Faults.member("", field),
                            "duplicate",
                            "Two members of the line become the field " + field);
                }
                fields.set(field, value);
            } else if (!isId && !isValidFrom && choice.unknown() == LayoutChoice.Unknown.REJECT) {
                // The model refuses it, and says what it has.
                fields.set(name, value);
            }
        }
        return laid(id, fields, faults, from);
    }

    private static @Nullable String id(JsonNode value, Faults faults) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isIntegralNumber()) {
            return value.asString();
        }
        faults.add("", "id", "The id is a text or a whole number; got " + value.getNodeType());
        return null;
    }

    private @Nullable Instant validFrom(String text, Faults faults) {
        Instant from = ValidFrom.parse(text).orElse(null);
        if (from == null) {
            faults.add(
                    Faults.member("", String.valueOf(choice.validFrom())),
                    "time",
                    ValidFrom.RULE + "; got \"" + Excerpt.of(text) + "\"");
        }
        return from;
    }

    private Laid laid(
            @Nullable String id, ObjectNode fields, Faults faults, @Nullable Instant validFrom) {
        if (id != null && !id.isEmpty() && !RecordId.isValid(id)) {
            faults.add(
                    Faults.member("", String.valueOf(idName)),
                    "id",
                    RecordId.RULE + "; got \"" + Excerpt.of(id) + "\"");
        } else if ((id == null || id.isEmpty()) && choice.id() != null && faults.isEmpty()) {
            faults.add(
                    Faults.member("", choice.id()),
                    "required",
                    "The row has no \"" + choice.id() + "\", which is to be its id");
        }
        boolean usable = id != null && RecordId.isValid(id);
        return new Laid(
                usable && id != null ? new RecordId(id) : null, fields, faults.list(), validFrom);
    }

    /// The field that a column becomes; null for none.
    private @Nullable String field(String column) {
        String mapped = choice.map().get(column);
        if (mapped != null) {
            return mapped;
        }
        return model.fields().containsKey(column) ? column : null;
    }
}
