package org.ntk4j.study;

import java.util.Optional;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.inference.Eigenlearning;
import org.ntk4j.inference.Fit;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.TestAlignment;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/** What K(test, test) says: how well the kernel is aligned with the labels there, and which error is to be expected. */
final class TestKernel {

    /** K(test, test) is taken of at most this many inputs, or of as many as there are training inputs. */
    private static final int MOST_INPUTS = 1000;
    /** Of how many directions the learnability is told. */
    private static final int LEADING = 10;

    private final CellContext cell;
    private final Subject name;
    private final Step step;

    TestKernel(CellContext cell, Subject name, Step step) {
        this.cell = cell;
        this.name = name;
        this.step = step;
    }

    /**
     * Adds the numbers, where they are wanted and cheap enough.
     *
     * @param train K(train, train)
     * @param test  K(test, train)
     * @param fit   its regression
     */
    void measure(Fit fit, Kernel train, Kernel test, CellNetworks networks) {
        Sample sample = cell.sample();
        boolean features = cell.definition().features();
        int n = sample.train().count();
        int m = sample.test().count();
        boolean cheap = name.isEmpirical() && m <= MOST_INPUTS;
        if (m == 0 || !cell.measures().wants(name, Subject.LABELS) || !features && !cheap) {
            return;
        }
        int seen = Math.min(m, Math.max(MOST_INPUTS, n));
        Split some = sample.test().slice(0, seen);
        Kernel among = among(some, networks);
        cell.measures().add(name, Subject.LABELS, SplitName.TEST, step, Quantity.TEST_ALIGNMENT, TestAlignment.of(among, some.targets()));
        if (features && seen >= n) {
            expected(Eigenlearning.of(TestAlignment.joined(train, test.block(0, seen, 0, n), among),
                    TestAlignment.joined(sample.train().targets(), some.targets()), n, fit.ridge()));
        } else if (features) {
            cell.notes().addOnce("predictedMse and learnability need as many test as training inputs: " + m + " are fewer than " + n);
        }
    }

    private Kernel among(Split some, CellNetworks networks) {
        return name.isEmpirical() ? cell.tangent(networks.of(name), name, some, Optional.empty())
                : cell.shared().amongTest(cell.definition(), networks.layers(), some, name == Subject.NTK_INFINITE, cell.held());
    }

    private void expected(Eigenlearning expected) {
        cell.measures().add(name.regression(), Subject.LABELS, SplitName.TEST, Step.NONE, Quantity.PREDICTED_MSE, expected.mse());
        for (int i = 0; i < Math.min(LEADING, expected.learnability().length); i++) {
            cell.measures().add(name, Subject.LABELS, SplitName.TRAIN, step, Quantity.LEARNABILITY.of(i), expected.learnability()[i]);
        }
        if (name == Subject.NTK_TRAINED) {
            cell.notes().add("predictedMse and learnability of Θ_T: the kernel is not independent of the training set, which the "
                    + "prediction takes it to be");
        }
    }
}
