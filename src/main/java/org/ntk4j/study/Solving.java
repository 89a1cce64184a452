package org.ntk4j.study;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.grammar.Document;
import org.ntk4j.inference.Resources;
import org.ntk4j.inference.SolverChoice;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.HeldSource;
import org.ntk4j.result.Subject;

/** What the regressions of a cell may use: the memory beside the kernels, and a folder for factors that are to survive a kill. */
record Solving(CellContext cell) {

    /** Operations in float32 that take about a minute. */
    private static final double OF_A_MINUTE = 6e12;

    /** For the regression with a kernel. */
    Resources resources(Subject kernel) {
        Scale scale = cell.scale();
        // A factor that is made within a minute is not worth the disk, weights are written once a minute only.
        SolverChoice.Way way = scale.solver().way();
        boolean kept = scale.computed() && (way != SolverChoice.Way.CHOLESKY32 || scale.solver().factor() > OF_A_MINUTE);
        Optional<Path> folder = kept ? Optional.of(cell.store().solver(cell.point().key(), kernel.toString())) : Optional.empty();
        return new Resources(scale.memory(), all(), cell.settings().threads(), folder, kept ? key(kernel) : "", cell.monitor());
    }

    /** Of the memory that is allowed, what the plan has counted: more would only fill with what iterations leave behind. */
    private long all() {
        long allowed = cell.settings().memory();
        return cell.scale().computed() ? Math.min(allowed, HeapGuard.budgetFor(cell.scale().bytes(cell.definition()))) : allowed;
    }

    /** Where the values of a computed kernel stay. */
    HeldSource.Place place(Subject kernel) {
        Optional<Path> folder = cell.scale().holding() == Scale.Holding.IN_FILES
                ? Optional.of(cell.store().solver(cell.point().key(), kernel + ".values")) : Optional.empty();
        return new HeldSource.Place(cell.definition().precision() == Precision.FLOAT32, folder, key(kernel));
    }

    /** What must be the same for a factor to be used again. */
    private String key(Subject kernel) {
        Definition d = cell.definition();
        return kernel + " "
                + Document.write(Map.of("data", d.data().toMap(), "network", d.network().toYaml(), "precision", d.precision().toString(),
                "ridge", String.valueOf(d.regression().ridge()))).strip().replaceAll("\\s+", " ");
    }
}
