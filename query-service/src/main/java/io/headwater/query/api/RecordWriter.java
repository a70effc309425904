package io.headwater.query.api;

import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.asked.Search;
import io.headwater.query.shape.Column;
import io.headwater.query.sql.CompiledQuery;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes rows as JSON, straight from the result: values in the canonical form of their type, unset
/// fields left out.
public final class RecordWriter {
    /// How PostgreSQL writes a `timestamptz` as text; the offset is that of the session.
    private static final DateTimeFormatter POSTGRES_TIMESTAMP =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendLiteral(' ')
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .appendOffset("+HH:mm:ss", "+00")
                    .toFormatter(Locale.ROOT);

    private RecordWriter() {}

    /// The envelope of the record in the current row.
    public static void envelope(
            JsonGenerator json, ModelName model, CompiledQuery query, ResultSet row)
            throws SQLException {
        List<Column> shown = query.shown();
        json.writeStartObject();
        json.writeStringProperty("id", row.getString(CompiledQuery.ID));
        json.writeStringProperty("model", model.value());
        json.writeNumberProperty("revision", row.getLong(CompiledQuery.REVISION));
        json.writeNumberProperty("position", row.getLong(CompiledQuery.POSITION));
        json.writeStringProperty("createdAt", moment(row, CompiledQuery.CREATED_AT));
        json.writeStringProperty("updatedAt", moment(row, CompiledQuery.UPDATED_AT));
        json.writeObjectPropertyStart("fields");
        for (int i = 0; i < shown.size(); i++) {
            member(
                    json,
                    shown.get(i).name(),
                    shown.get(i).type(),
                    row,
                    CompiledQuery.FIRST_FIELD + i);
        }
        json.writeEndObject();
        if (query.search() != null) {
            found(json, query, query.search(), row);
        }
        if (!query.expanded().isEmpty()) {
            expanded(json, query, row);
        }
        json.writeEndObject();
    }

    private static void found(JsonGenerator json, CompiledQuery query, Search search, ResultSet row)
            throws SQLException {
        json.writeObjectPropertyStart("search");
        json.writeStringProperty("rank", row.getBigDecimal(query.rank()).toPlainString());
        json.writeObjectPropertyStart("highlights");
        var highlights = new Highlights(search);
        for (int i = 0; i < query.shown().size(); i++) {
            String name = query.shown().get(i).name();
            if (search.fields().stream().anyMatch(field -> field.name().equals(name))) {
                String text = row.getString(CompiledQuery.FIRST_FIELD + i);
                String highlighted = text == null ? null : highlights.of(text);
                if (highlighted != null) {
                    json.writeStringProperty(name, highlighted);
                }
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void expanded(JsonGenerator json, CompiledQuery query, ResultSet row)
            throws SQLException {
        json.writeObjectPropertyStart("expanded");
        int index = query.versions();
        for (String name : query.expanded()) {
            String record = row.getString(++index);
            if (record != null) {
                json.writeName(name);
                json.writeRawValue(record);
            }
        }
        json.writeEndObject();
    }

    /// The value in a column, as a member of an object; nothing if it is unset.
    public static void member(
            JsonGenerator json, String name, FieldType type, ResultSet row, int index)
            throws SQLException {
        if (type instanceof FieldType.Items(var items, var _)) {
            Array array = row.getArray(index);
            if (array != null) {
                list(json, name, items, (String[]) array.getArray());
            }
            return;
        }
        String text = text(type, row, index);
        if (text != null) {
            json.writeName(name);
            value(json, type, text);
        }
    }

    private static void list(JsonGenerator json, String name, FieldType items, String[] values) {
        json.writeArrayPropertyStart(name);
        for (String value : values) {
            value(json, items, canonical(items, value));
        }
        json.writeEndArray();
    }

    private static void value(JsonGenerator json, FieldType type, String canonical) {
        switch (type) {
            case FieldType.WholeNumber _, FieldType.Truth _, FieldType.AnyJson _ ->
                    json.writeRawValue(canonical);
            case FieldType.Text _,
                    FieldType.Decimal _,
                    FieldType.Day _,
                    FieldType.Moment _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _ ->
                    json.writeString(canonical);
            case FieldType.Items _ -> throw new IllegalStateException("A list holds no lists");
        }
    }

    /// The canonical value in a column, as text; null if it is unset.
    public static @Nullable String text(FieldType type, ResultSet row, int index)
            throws SQLException {
        return switch (type) {
            case FieldType.Decimal decimal -> {
                BigDecimal number = row.getBigDecimal(index);
                yield number == null ? null : scaled(number, decimal.scale());
            }
            case FieldType.Truth _ -> {
                boolean truth = row.getBoolean(index);
                yield row.wasNull() ? null : Boolean.toString(truth);
            }
            case FieldType.Day _ -> {
                LocalDate day = row.getObject(index, LocalDate.class);
                yield day == null ? null : day.toString();
            }
            case FieldType.Moment _ -> {
                OffsetDateTime moment = row.getObject(index, OffsetDateTime.class);
                yield moment == null ? null : FieldType.Moment.text(moment.toInstant());
            }
            case FieldType.Text _,
                    FieldType.WholeNumber _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.AnyJson _,
                    FieldType.Items _ ->
                    row.getString(index);
        };
    }

    /// The canonical items of a list in a column, as text; null if it is unset.
    public static @Nullable List<String> items(FieldType items, ResultSet row, int index)
            throws SQLException {
        Array array = row.getArray(index);
        return array == null
                ? null
                : Arrays.stream((String[]) array.getArray())
                        .map(value -> canonical(items, value))
                        .toList();
    }

    /// The canonical form of a value that PostgreSQL has written as text.
    private static String canonical(FieldType type, String text) {
        return switch (type) {
            case FieldType.Decimal decimal -> scaled(new BigDecimal(text), decimal.scale());
            case FieldType.Moment _ ->
                    FieldType.Moment.text(
                            OffsetDateTime.parse(text, POSTGRES_TIMESTAMP).toInstant());
            case FieldType.Truth _,
                    FieldType.Day _,
                    FieldType.Text _,
                    FieldType.WholeNumber _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.AnyJson _,
                    FieldType.Items _ ->
                    text;
        };
    }

    /// A value written before the field's scale was widened has the new scale from then on.
    private static String scaled(BigDecimal number, int scale) {
        return (number.scale() < scale ? number.setScale(scale) : number).toPlainString();
    }

    private static String moment(ResultSet row, int index) throws SQLException {
        return FieldType.Moment.text(row.getObject(index, OffsetDateTime.class).toInstant());
    }
}
