package io.headwater.query.export;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.uuidType;

import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.api.RecordWriter;
import io.headwater.query.sql.CompiledQuery.Shown;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/// Records as rows of Parquet. Texts, choices and references are strings, timestamps microseconds
/// in UTC, lists the three-level lists of the format's specification.
final class ParquetRows extends WriteSupport<ResultSet> {
    /// Digits of a decimal that fit into 32 bits, and into 64.
    private static final int SHORTEST_DECIMAL = 9;

    private static final int SHORT_DECIMAL = 18;

    /// Bytes of one that has more; enough for 38 digits.
    private static final int LONG_DECIMAL_BYTES = 16;

    private static final int UUID_BYTES = 16;

    private final ModelName model;
    private final List<Shown> columns;
    private @Nullable RecordConsumer consumer;
    private long bytes;

    ParquetRows(ModelName model, List<Shown> columns) {
        this.model = model;
        this.columns = columns;
    }

    /// Roughly how many bytes the values so far have.
    long bytes() {
        return bytes;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        List<Type> types = columns.stream().map(ParquetRows::column).toList();
        return new WriteContext(new MessageType(model.value(), types), Map.of());
    }

    @Override
    @SuppressWarnings("deprecation") // it is abstract all the same
    public WriteContext init(Configuration hadoop) {
        throw new UnsupportedOperationException("There is no Hadoop here");
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        this.consumer = recordConsumer;
    }

    @Override
    public void write(ResultSet row) {
        RecordConsumer to = Objects.requireNonNull(consumer);
        to.startMessage();
        try {
            for (int i = 0; i < columns.size(); i++) {
                column(to, i, row);
            }
        } catch (SQLException unreadable) {
            throw new IllegalStateException("A row cannot be read", unreadable);
        }
        to.endMessage();
    }

    private void column(RecordConsumer to, int i, ResultSet row) throws SQLException {
        Shown column = columns.get(i);
        int index = column.index();
        if (column.type() instanceof FieldType.Items list) {
            List<String> items = RecordWriter.items(list.items(), row, index);
            if (items != null) {
                to.startField(column.name(), i);
                list(to, list.items(), items);
                to.endField(column.name(), i);
            }
            return;
        }
        String text = RecordWriter.text(column.type(), row, index);
        if (text != null) {
            to.startField(column.name(), i);
            value(to, column.type(), text);
            to.endField(column.name(), i);
        }
    }

    private void list(RecordConsumer to, FieldType type, List<String> items) {
        to.startGroup();
        if (!items.isEmpty()) {
            to.startField("list", 0);
            for (String item : items) {
                to.startGroup();
                to.startField("element", 0);
                value(to, type, item);
                to.endField("element", 0);
                to.endGroup();
            }
            to.endField("list", 0);
        }
        to.endGroup();
    }

    private void value(RecordConsumer to, FieldType type, String canonical) {
        bytes += canonical.length();
        switch (type) {
            case FieldType.WholeNumber _ -> to.addLong(Long.parseLong(canonical));
            case FieldType.Truth _ -> to.addBoolean(Boolean.parseBoolean(canonical));
            case FieldType.Day _ -> to.addInteger((int) LocalDate.parse(canonical).toEpochDay());
            case FieldType.Moment _ ->
                    to.addLong(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(canonical)));
            case FieldType.Uuid _ -> {
                UUID uuid = UUID.fromString(canonical);
                to.addBinary(
                        Binary.fromConstantByteArray(
                                ByteBuffer.allocate(UUID_BYTES)
                                        .putLong(uuid.getMostSignificantBits())
                                        .putLong(uuid.getLeastSignificantBits())
                                        .array()));
            }
            case FieldType.Decimal decimal -> decimal(to, decimal, new BigDecimal(canonical));
            case FieldType.Text _, FieldType.Choice _, FieldType.Reference _, FieldType.AnyJson _ ->
                    to.addBinary(Binary.fromString(canonical));
            case FieldType.Items _ -> throw new IllegalStateException("A list holds no lists");
        }
    }

    private static void decimal(RecordConsumer to, FieldType.Decimal type, BigDecimal value) {
        BigInteger unscaled = value.setScale(type.scale()).unscaledValue();
        if (type.precision() <= SHORTEST_DECIMAL) {
            to.addInteger(unscaled.intValueExact());
            return;
        }
        if (type.precision() <= SHORT_DECIMAL) {
            to.addLong(unscaled.longValueExact());
            return;
        }
        byte[] digits = unscaled.toByteArray();
        byte[] padded = new byte[LONG_DECIMAL_BYTES];
        Arrays.fill(padded, (byte) (unscaled.signum() < 0 ? -1 : 0));
        System.arraycopy(digits, 0, padded, padded.length - digits.length, digits.length);
        to.addBinary(Binary.fromConstantByteArray(padded));
    }

    private static Type column(Shown column) {
        Repetition repetition = column.always() ? Repetition.REQUIRED : Repetition.OPTIONAL;
        return column.type() instanceof FieldType.Items list
                ? Types.list(repetition)
                        .element(scalar(list.items(), Repetition.REQUIRED, "element"))
                        .named(column.name())
                : scalar(column.type(), repetition, column.name());
    }

    private static PrimitiveType scalar(FieldType type, Repetition repetition, String name) {
        return switch (type) {
            case FieldType.WholeNumber _ ->
                    Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
            case FieldType.Truth _ ->
                    Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
            case FieldType.Day _ ->
                    Types.primitive(PrimitiveTypeName.INT32, repetition).as(dateType()).named(name);
            case FieldType.Moment _ ->
                    Types.primitive(PrimitiveTypeName.INT64, repetition)
                            .as(timestampType(true, TimeUnit.MICROS))
                            .named(name);
            case FieldType.Uuid _ -> fixed(UUID_BYTES, repetition, uuidType(), name);
            case FieldType.Decimal(int precision, int scale, var _, var _) ->
                    decimal(precision, repetition, decimalType(scale, precision), name);
            case FieldType.AnyJson _ -> binary(repetition, jsonType(), name);
            case FieldType.Text _, FieldType.Choice _, FieldType.Reference _ ->
                    binary(repetition, stringType(), name);
            case FieldType.Items _ -> throw new IllegalStateException("A list holds no lists");
        };
    }

    private static PrimitiveType decimal(
            int precision, Repetition repetition, LogicalTypeAnnotation type, String name) {
        if (precision > SHORT_DECIMAL) {
            return fixed(LONG_DECIMAL_BYTES, repetition, type, name);
        }
        PrimitiveTypeName primitive =
                precision > SHORTEST_DECIMAL ? PrimitiveTypeName.INT64 : PrimitiveTypeName.INT32;
        return Types.primitive(primitive, repetition).as(type).named(name);
    }

    private static PrimitiveType binary(
            Repetition repetition, LogicalTypeAnnotation type, String name) {
        return Types.primitive(PrimitiveTypeName.BINARY, repetition).as(type).named(name);
    }

    private static PrimitiveType fixed(
            int length, Repetition repetition, LogicalTypeAnnotation type, String name) {
        return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                .length(length)
                .as(type)
                .named(name);
    }
}
