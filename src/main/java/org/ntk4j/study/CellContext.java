package org.ntk4j.study;

import java.util.Optional;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Training;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Subject;
import org.ntk4j.study.measure.Measures;

/**
 * What all parts of a cell work with.
 *
 * @param held          the bytes that are in use until its end, whatever it does
 * @param guard         sees to it that what one step leaves behind does not stand beside what the next one needs
 * @param shared        what the cells of a sweep have in common
 * @param store         where kernels and weights are saved
 * @param outputKernels where tangent kernels of all outputs come from
 * @param scale         how large its kernels are
 * @param measures      takes the numbers
 * @param notes         takes the words
 */
record CellContext(Definition.Point point, Settings settings, long held, HeapGuard guard, Monitor monitor, Shared shared, KernelStore store,
        OutputKernels outputKernels, Scale scale, Sample sample, Measures measures, CellNotes notes) {

    static CellContext of(Definition.Point point, Settings settings, long held, OutputKernels outputKernels, Monitor monitor, Shared shared,
            KernelStore store, Scale scale) {
        Sample sample = shared.sample(point.definition());
        HeapGuard guard = HeapGuard.within(Math.min(settings.memory(), HeapGuard.budgetFor(held)));
        return new CellContext(point, settings, held, guard, monitor, shared, store, outputKernels, scale, sample,
                new Measures(point.definition().seed(), point.swept(), point.definition().compare(), sample), new CellNotes());
    }

    Definition definition() {
        return point.definition();
    }

    /** How many outputs the networks have. */
    int outputs() {
        return definition().network().outputs().orElse(sample.train().classCount());
    }

    /** Of finite networks. */
    Precision trainPrecision() {
        return definition().train().map(Training::precision).orElse(Precision.FLOAT32);
    }

    /** The tangent kernel of a network on the training set. */
    Kernel tangent(FiniteNetwork network, Subject name) {
        return tangent(network, name, sample.train(), Optional.empty());
    }

    /** The tangent kernel of a network, the mean over outputs; without columns, of the rows with themselves. */
    Kernel tangent(FiniteNetwork network, Subject name, Split rows, Optional<Split> columns) {
        guard.check();
        return shared.tangent(network, rows.inputs(), columns.map(Split::inputs), held, monitor).named(name.toString());
    }

    /** The tangent kernel of a network of all outputs with all outputs; to be closed. */
    OutputKernel allOutputs(FiniteNetwork network) {
        return outputKernels.kernel(network, sample, outputs(), held, monitor);
    }

    /** The infinite kernels, from memory or computed anew whenever they are read. */
    Shared.Infinite infinite(Serial layers) {
        return scale.computed() ? shared.computed(definition(), layers, sample) : shared.infinite(definition(), layers, sample, held);
    }
}
