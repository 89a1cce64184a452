package org.ntk4j.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Diagnosis;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.inference.Solver;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.HeldSource;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.kernel.Spectrum;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.result.SubjectAt;
import org.ntk4j.study.measure.SampledKernels;
import org.ntk4j.study.measure.Sharpness;
import org.ntk4j.study.measure.SubjectFunction;
import org.ntk4j.study.measure.SubjectKernels;

/** The kernels of a cell, each with its regression: those that the definition lists, and Θ_t of the steps at which it is recorded. */
final class CellKernels implements AutoCloseable {

    private final CellContext cell;
    private final Definition definition;
    private final Functions functions;
    private final InitialFunction start;
    private final KernelRegressions regressions;
    /** Where tangent kernels of finite networks are not stored. */
    private final Optional<SampledKernels> estimates;
    private final List<SubjectKernels> kernels = new ArrayList<>();
    private final List<HeldSource> held = new ArrayList<>();

    CellKernels(CellContext cell, Functions functions, InitialFunction start, KernelRegressions regressions) {
        this.cell = cell;
        this.definition = cell.definition();
        this.functions = functions;
        this.start = start;
        this.regressions = regressions;
        this.estimates = definition.statistics()
                .map(s -> new SampledKernels(s, cell.sample(), cell.held(), cell.measures(),
                        at -> cell.store().solver(cell.point().key(), at.toString()), cell.monitor()));
    }

    /** The kernels so far; without those that are only estimated. */
    List<SubjectKernels> all() {
        return kernels;
    }

    /** Computes all of them. */
    void compute(CellNetworks networks) {
        for (Subject name : definition.kernels()) {
            if (name.isEmpirical() && estimates.isPresent()) {
                estimates.get().add(name, networks.stepOf(name), networks.of(name));
            } else if (name == Subject.NTK_TRAINED) {
                try (OutputKernel own = needsOutputsOfTrained() ? cell.allOutputs(networks.of(name)) : null) {
                    compute(name, networks, Optional.ofNullable(own));
                }
            } else {
                compute(name, networks, name == Subject.NTK_INIT ? networks.outputs0() : Optional.empty());
            }
        }
        networks.trained().ifPresent(t -> recorded(t, networks.outputs0()));
        estimates.ifPresent(e -> e.compare(kernels));
    }

    /** For regressions, or to see whether the learning rate is still a stable one. */
    private boolean needsOutputsOfTrained() {
        return cell.outputKernels().full() || definition.train().filter(t -> !t.optimizer().isAdaptive()).isPresent();
    }

    private void compute(Subject name, CellNetworks networks, Optional<OutputKernel> outputs) {
        if (!kernels.isEmpty() && cell.scale().computed()) {
            // Values and a factor will lie outside the heap, which has grown with the regression before.
            HeapGuard.giveBack();
        }
        SplitKernels exact = held(name, of(name, networks));
        Kernel train = exact.train();
        Kernel test = exact.test();
        Step step = networks.stepOf(name);
        cell.guard().check();
        train.notes().forEach(cell.notes()::addOnce);
        SplitKernels read = features(name, networks, train).orElse(exact);
        Fit fit = regressions.fit(name, read.train());
        kernels.add(new SubjectKernels(name, step, train, test, fit));
        cell.measures().add(name.regression(), Subject.NONE, SplitName.TRAIN, Step.NONE, Quantity.RIDGE, fit.ridge());
        Optional<OutputKernel> predicting = outputs.filter(a -> cell.outputKernels().full());
        regressions.predict(name, fit, read.test(), predicting, networks.trained());
        networks.trained().ifPresent(t -> regressions.project(name, fit, read.test(), predicting, t));
        if (name == Subject.NTK_TRAINED) {
            cell.shared().averages().add(cell.point(), cell.sample(), train, test);
        }
        new TestKernel(cell, name, step).measure(fit, train, test, networks);
        if (name == Subject.NTK_TRAINED && outputs.isPresent()) {
            sharpnessAtTheEnd(networks.trained().orElseThrow(), outputs.get());
        }
        Checklist.ridge(name.regression().symbol(), fit, cell.sample().train().targets()).ifPresent(cell.notes()::add);
        tell(name, fit);
        if (definition.save().contains("kernels")) {
            cell.store().save(cell.point().key(), new SubjectAt(name, step) + ".train", train);
            cell.store().save(cell.point().key(), new SubjectAt(name, step) + ".test", test);
        }
    }

    /** K(train, train) and K(test, train). */
    private SplitKernels of(Subject name, CellNetworks networks) {
        return switch (name) {
            case NTK_INIT -> new SplitKernels(networks.theta0().orElseThrow(), onTest(networks.initial(), name));
            case NTK_TRAINED -> ofBoth(networks.of(name));
            case NTK_INFINITE -> cell.infinite(networks.layers()).ntk();
            default -> cell.infinite(networks.layers()).nngp();
        };
    }

    /** With the values of a computed kernel where they stay, if they do. */
    private SplitKernels held(Subject name, SplitKernels kernels) {
        Scale.Holding holding = cell.scale().holding();
        if (name.isEmpirical() || holding == Scale.Holding.NOWHERE) {
            return kernels;
        }
        HeldSource source = HeldSource.of(kernels.train(), new Solving(cell).place(name), cell.settings().threads(), cell.monitor());
        held.add(source);
        return new SplitKernels(source.kernel(), kernels.test());
    }

    @Override
    public void close() {
        held.forEach(HeldSource::close);
    }

    private SplitKernels ofBoth(FiniteNetwork trained) {
        return new SplitKernels(cell.tangent(trained, Subject.NTK_TRAINED), onTest(trained, Subject.NTK_TRAINED));
    }

    private Kernel onTest(FiniteNetwork network, Subject name) {
        return cell.tangent(network, name, cell.sample().test(), Optional.of(cell.sample().train()));
    }

    /** Random features in place of an infinite kernel, where its regression asks for them. */
    private Optional<SplitKernels> features(Subject name, CellNetworks networks, Kernel exact) {
        return definition.regression().solver() instanceof Solver.RandomFeatures random && !name.isEmpirical()
                ? Optional.of(cell.shared().features(definition, networks.layers(), cell.sample(), name == Subject.NTK_INFINITE,
                        random.count(), exact))
                : Optional.empty();
    }

    /** How the regression was solved. */
    private void tell(Subject name, Fit fit) {
        Diagnosis diagnosis = fit.diagnosis();
        if (diagnosis.iterations() > 0) {
            cell.notes().detail(String.format(Locale.ROOT, "%s: %s, relative residual %.2g after %d products with the kernel",
                    name.regression().symbol(), diagnosis.solver(), diagnosis.residual(), diagnosis.iterations()));
        }
        String advice = diagnosis.advice();
        cell.notes().detail(String.format(Locale.ROOT, "%s: eigenvalues %.3g to %.3g, %s, ridge %.3g%s", name.symbol(),
                diagnosis.smallestEigenvalue(), diagnosis.largestEigenvalue(), Spectrum.condition(diagnosis.conditionNumber()), fit.ridge(),
                advice.isEmpty() ? "" : "; " + advice));
    }

    private void sharpnessAtTheEnd(Trained trained, OutputKernel outputs) {
        Training training = definition.train().orElseThrow();
        if (!training.optimizer().isAdaptive()) {
            Sharpness end = Sharpness.of(training, outputs, cell.sample().train().count(), cell.monitor());
            end.add(cell.measures(), Subject.NTK_TRAINED, Step.of(trained.steps()), trained.learningRate());
            end.warning(trained.learningRate()).ifPresent(cell.notes()::add);
        }
    }

    /** Kernels recorded along training, the regressions with them, and the path sum. */
    private void recorded(Trained trained, Optional<OutputKernel> outputs0) {
        if (estimates.isPresent()) {
            trained.recorded().forEach((step, network) -> {
                if (step < trained.steps()) {
                    estimates.get().add(Subject.NTK_TRAINED, Step.of(step), network);
                }
            });
            return;
        }
        Training training = definition.train().orElseThrow();
        boolean summed = definition.regression().path() && training.hasClosedForm();
        PathSum path = new PathSum(cell.sample(), training.timeOfStep(trained.learningRate()), trained.steps());
        if (summed && !trained.recorded().containsKey(0)) {
            path.add(0, start.trained().train(), outputs0.orElseThrow());
        }
        trained.recorded().forEach((step, network) -> {
            boolean isLast = step == trained.steps() && definition.kernels().contains(Subject.NTK_TRAINED);
            if (!isLast) {
                recorded(step, network, trained, summed && step < trained.steps() ? Optional.of(path) : Optional.empty());
            }
        });
        if (summed) {
            FullRegression.Values sum = path.sum(start.trained());
            functions.add(new SubjectFunction(Subject.PATH, Step.of(trained.steps()), sum.train(), sum.test()));
        }
    }

    private void recorded(int step, FiniteNetwork network, Trained trained, Optional<PathSum> path) {
        Training training = definition.train().orElseThrow();
        SplitKernels theta = ofBoth(network);
        try (OutputKernel outputs = cell.allOutputs(network)) {
            Fit fit = regressions.recorded(step, theta, Optional.of(outputs).filter(o -> cell.outputKernels().full()));
            kernels.add(new SubjectKernels(Subject.NTK_TRAINED, Step.of(step), theta.train(), theta.test(), fit));
            if (!training.optimizer().isAdaptive()) {
                Sharpness.of(training, outputs, cell.sample().train().count(), cell.monitor())
                        .add(cell.measures(), Subject.NTK_TRAINED, Step.of(step), trained.learningRate());
            }
            path.ifPresent(p -> p.add(step, start.trained(network), outputs));
        }
    }
}
