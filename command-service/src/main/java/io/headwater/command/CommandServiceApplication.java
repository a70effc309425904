package io.headwater.command;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/// Starts the command service; configuration is in `docs/architecture.md`.
@SpringBootApplication(
        proxyBeanMethods = false,
        // Its page for people is HTML.
        exclude = ErrorMvcAutoConfiguration.class)
@ConfigurationPropertiesScan
public class CommandServiceApplication {
    static {
        // Axon's own check for updates calls home.
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("AXONIQ_UPDATE_CHECKER_DISABLED", "true");
    }

    public static void main(String[] arguments) {
        SpringApplication.run(CommandServiceApplication.class, arguments);
    }
}
