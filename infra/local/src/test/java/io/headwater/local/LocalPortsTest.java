package io.headwater.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalPortsTest {
    @Test
    void aVariableMovesAPort() {
        LocalPorts ports = LocalPorts.from(Map.of("HEADWATER_STANDBY_PORT", "6001"));
        assertThat(ports.standby()).isEqualTo(6001);
        assertThat(ports.postgres()).isEqualTo(5440);
    }

    @Test
    void whatIsNoPortIsRefusedByTheNameOfItsVariable() {
        for (String wrong : new String[] {"0", "65536", "-1", "http", "8080.5"}) {
            assertThatThrownBy(() -> LocalPorts.from(Map.of("HEADWATER_QUERY_PORT", wrong)))
                    .isInstanceOf(LocalFailure.class)
                    .hasMessageContaining("HEADWATER_QUERY_PORT is \"" + wrong + "\"");
        }
    }

    @Test
    void twoPartsOnOnePortAreRefused() {
        assertThatThrownBy(() -> LocalPorts.from(Map.of("HEADWATER_QUERY_PORT", "8080")))
                .isInstanceOf(LocalFailure.class)
                .hasMessageContaining("command-service and query-service")
                .hasMessageContaining("8080");
    }

    @Test
    void aBusyPortIsRefusedByItsNumberAndItsVariable() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LocalPorts free = LocalPorts.free();
            LocalPorts ports =
                    new LocalPorts(
                            free.command(),
                            free.query(),
                            free.relay(),
                            taken.getLocalPort(),
                            free.standby(),
                            free.kafka(),
                            free.kafkaController());
            assertThatThrownBy(ports::refuseBusy)
                    .isInstanceOf(LocalFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort())
                    .hasMessageContaining("HEADWATER_POSTGRES_PORT");
        }
    }
}
