package org.ntk4j.study;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.grammar.Document;
import org.ntk4j.inference.Resources;

/** What the regressions of a cell may use: the memory beside the kernels, and a folder for factors that are to survive a kill. */
record Solving(Definition.Point point, Settings settings, Scale scale, KernelStore store, Monitor monitor) {

    /** For the regression with a kernel. */
    Resources resources(String kernel) {
        // Only what takes long is worth the disk.
        boolean kept = scale.computed();
        Optional<Path> folder = kept ? Optional.of(store.solver(point.key(), kernel)) : Optional.empty();
        return new Resources(scale.memory(), settings.threads(), folder, kept ? key(kernel) : "", monitor);
    }

    /** What must be the same for a factor to be used again. */
    private String key(String kernel) {
        Definition d = point.definition();
        return kernel + " " + Document.write(Map.of("data", d.data().toMap(), "network", d.network().toYaml(), "precision", d.precision(),
                "ridge", String.valueOf(d.regression().ridge()))).strip().replaceAll("\\s+", " ");
    }
}
