package io.headwater.query.projection;

import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/// `GET /projections` (scope read); rebuild and resume (scope model-admin).
@RestController
@RequestMapping("/projections")
class ProjectionController {
    private final ProjectionAdministration administration;

    ProjectionController(ProjectionAdministration administration) {
        this.administration = administration;
    }

    @GetMapping
    List<ProjectionView> look() throws SQLException {
        return administration.look();
    }

    @PostMapping("/rebuild")
    ResponseEntity<List<ProjectionView>> rebuild() throws SQLException {
        if (!administration.rebuild()) {
            throw refused(
                    "rebuild-under-way",
                    "A rebuild is under way; GET /projections shows how far it is, DELETE"
                            + " /projections/rebuild gives it up");
        }
        return accepted();
    }

    @DeleteMapping("/rebuild")
    ResponseEntity<Void> abandon() throws SQLException {
        if (!administration.abandonRebuild()) {
            throw refused("no-rebuild", "There is no rebuild to give up");
        }
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/resume")
    ResponseEntity<List<ProjectionView>> resume() throws SQLException {
        if (administration.resume() == 0) {
            throw refused("no-alarm", "No projection stands still at an alarm");
        }
        return accepted();
    }

    private ResponseEntity<List<ProjectionView>> accepted() throws SQLException {
        return ResponseEntity.accepted()
                .header(HttpHeaders.LOCATION, "/projections")
                .body(administration.look());
    }

    private static ResponseStatusException refused(String code, String detail) {
        var refusal = new ResponseStatusException(HttpStatus.CONFLICT, detail);
        refusal.getBody().setType(URI.create("https://headwater.io/problems/" + code));
        return refusal;
    }

    @ExceptionHandler({SQLException.class, FlywayException.class})
    ResponseEntity<ProblemDetail> databaseAway(Exception failure) {
        var problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The database cannot do this now (%s). Try again in a moment"
                                .formatted(failure.getMessage()));
        problem.setType(URI.create("https://headwater.io/problems/database-unavailable"));
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(problem);
    }
}
