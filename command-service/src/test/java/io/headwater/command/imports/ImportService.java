package io.headwater.command.imports;

import io.headwater.command.RunningService;
import java.util.Map;
import org.springframework.core.env.Environment;

/// The service that tests of imports share, with a log of their own. Chunks are small, so that a
/// handful of rows makes several.
final class ImportService {
    private static final RunningService INSTANCE =
            RunningService.start(
                    Map.of(
                            "headwater.imports.chunk-rows", "5",
                            "headwater.spool.per-upload", "10MB",
                            "headwater.spool.in-all", "40MB"));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close));
    }

    private ImportService() {}

    static RunningService shared() {
        return INSTANCE;
    }

    static String setting(String name) {
        return INSTANCE.bean(Environment.class).getRequiredProperty(name);
    }
}
