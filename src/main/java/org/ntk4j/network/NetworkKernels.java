package org.ntk4j.network;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.InfiniteSource;
import org.ntk4j.infinite.strip.DenseFeatures;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;

/**
 * The kernels of a network at infinite width as this process computes them: where they fit, on the machines that it names, with what a
 * killed call has left. A kernel is {@code ntk} or {@code nngp}.
 */
record NetworkKernels(Network network, Settings settings, Monitor monitor) {

    private static final String NTK = "ntk";
    private static final String NNGP = "nngp";

    Kernel one(Inputs x, Optional<Inputs> x2, String name) {
        return one(computed(x, x2, name), name);
    }

    InfiniteKernels both(Inputs x, Optional<Inputs> x2) {
        Map<String, Kernel> kernels = computed(x, x2, NNGP, NTK);
        return new InfiniteKernels(one(kernels, NNGP), one(kernels, NTK));
    }

    private static Kernel one(Map<String, Kernel> kernels, String name) {
        return Objects.requireNonNull(kernels.get(name), name);
    }

    private Map<String, Kernel> computed(Inputs x, Optional<Inputs> x2, String... names) {
        Serial layers = network.layers(x.shape());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.orInFiles(settings, layers, x, x2, List.of(names)).on(Cluster.of(settings));
        TileFolder folder = TileFolder.within(settings.out().resolve("kernels"));
        try {
            Map<String, Kernel> kernels = InfiniteKernels.named(layers, x, x2, plan, monitor, Optional.of(folder));
            folder.saved();
            return kernels;
        } finally {
            folder.release();
        }
    }

    /** Of inputs with themselves, by random features whose error is measured on rows of the kernel itself. */
    Kernel features(Inputs x, String name, int count) {
        DenseFeatures drawn = drawn(x, name, count);
        Kernel exact = InfiniteSource.of(network.layers(x.shape()), x, Optional.empty(), Precision.FLOAT64, settings.threads(),
                List.of(name)).kernel(name);
        return Kernel.ofFeatures(exact.name(), drawn, Optional.of(exact));
    }

    /** Of {@code x} (rows) with {@code x2} (columns), by random features. */
    Kernel features(Inputs x, Inputs x2, String name, int count) {
        return Kernel.ofFeatures(name + ".infinite", drawn(x, name, count), drawn(x2, name, count));
    }

    private DenseFeatures drawn(Inputs x, String name, int count) {
        return DenseFeatures.of(network.layers(x.shape()), x, name.equals(NTK), count, 0, monitor);
    }
}
