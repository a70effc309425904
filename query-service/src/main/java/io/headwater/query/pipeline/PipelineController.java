package io.headwater.query.pipeline;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /pipeline`: how far a change has come, stage by stage.
@RestController
final class PipelineController {
    private final Pipeline pipeline;

    PipelineController(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    @GetMapping(path = "/pipeline", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> pipeline() throws InterruptedException {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(pipeline.look().toString());
    }
}
