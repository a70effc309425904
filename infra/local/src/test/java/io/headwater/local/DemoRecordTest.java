package io.headwater.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.RecordId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The JDK's data against the models that they are loaded into.
class DemoRecordTest {
    @Test
    void everyRecordFitsItsModelAndComesAfterThoseThatItRefersTo() throws Exception {
        Map<String, ModelDefinition> models = new HashMap<>();
        for (String model : Demo.MODELS) {
            Faults faults = new Faults();
            models.put(
                    model,
                    ModelDefinition.read(Json.mapper().readTree(Demo.definition(model)), faults));
            assertThat(faults.isEmpty()).as("%s: %s", model, faults).isTrue();
        }
        Set<String> seen = new HashSet<>();
        for (DemoRecord record : DemoRecord.all().toList()) {
            ModelDefinition model = requireNonNull(models.get(record.model()));
            Faults faults = new Faults();
            ObjectNode fields =
                    requireNonNull(
                            model.canonical(record.fields(), faults),
                            () -> record + ": " + faults.list());
            assertThat(RecordId.isValid(record.id())).as(record.toString()).isTrue();
            assertThat(seen.add(record.model() + "/" + record.id()))
                    .as("%s twice", record)
                    .isTrue();
            model.fields().values().stream()
                    .filter(field ->
                            field.type() instanceof FieldType.Reference && fields.has(field.name()))
                    .forEach(field -> {
                        String to = ((FieldType.Reference) field.type()).to().value();
                        assertThat(seen)
                                .contains(
                                        to
                                                + "/"
                                                + requireNonNull(fields.get(field.name()))
                                                        .stringValue());
                    });
        }
        assertThat(seen)
                .contains(
                        "country/NZ",
                        "currency/EUR",
                        "country_language/CH.rm",
                        "time_zone/Asia.Kathmandu");
    }

    @Test
    void uniqueFieldsAreUnique() {
        for (List<String> unique :
                List.of(
                        List.of("country", "name"),
                        List.of("country", "iso3"),
                        List.of("standard_time", "name"),
                        List.of("time_zone", "zone"))) {
            List<String> values =
                    DemoRecord.all()
                            .filter(record -> record.model().equals(unique.getFirst()))
                            .map(record -> record.fields().get(unique.getLast()).stringValue())
                            .toList();
            assertThat(values).doesNotHaveDuplicates().isNotEmpty();
        }
    }
}
