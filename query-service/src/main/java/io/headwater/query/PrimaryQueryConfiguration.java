package io.headwater.query;

import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/// A way to look at the primary with the rights of a reader.
@Configuration(proxyBeanMethods = false)
class PrimaryQueryConfiguration {

    /// Tells how far others are behind the primary. Seldom used, so each connection is a new one.
    @Bean
    DataSource primaryQueryDataSource(DatabaseProperties properties) {
        var settings = new Properties();
        settings.setProperty("user", properties.query().user());
        settings.setProperty("password", properties.query().password());
        settings.setProperty("targetServerType", "primary");
        settings.setProperty("connectTimeout", "2");
        settings.setProperty("socketTimeout", "3");
        settings.setProperty("hostRecheckSeconds", "1");
        settings.setProperty("ApplicationName", "headwater-pipeline");
        return new SimpleDriverDataSource(new Driver(), properties.projection().url(), settings);
    }
}
