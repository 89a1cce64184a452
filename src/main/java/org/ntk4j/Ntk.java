package org.ntk4j;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.base.Required;
import org.ntk4j.activation.AbRelu;
import org.ntk4j.activation.Abs;
import org.ntk4j.activation.Activation;
import org.ntk4j.activation.Cos;
import org.ntk4j.activation.Elu;
import org.ntk4j.activation.Erf;
import org.ntk4j.activation.Exp;
import org.ntk4j.activation.ExpNormalized;
import org.ntk4j.activation.Gabor;
import org.ntk4j.activation.Gaussian;
import org.ntk4j.activation.Gelu;
import org.ntk4j.activation.GivenFunction;
import org.ntk4j.activation.Hermite;
import org.ntk4j.activation.LeakyRelu;
import org.ntk4j.activation.Mish;
import org.ntk4j.activation.Monomial;
import org.ntk4j.activation.Polynomial;
import org.ntk4j.activation.Rbf;
import org.ntk4j.activation.RectifiedMonomial;
import org.ntk4j.activation.Relu;
import org.ntk4j.activation.Selu;
import org.ntk4j.activation.Sigmoid;
import org.ntk4j.activation.SigmoidLike;
import org.ntk4j.activation.Sign;
import org.ntk4j.activation.Silu;
import org.ntk4j.activation.Sin;
import org.ntk4j.activation.Softplus;
import org.ntk4j.activation.Tanh;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Dataset;
import org.ntk4j.data.GraphInputs;
import org.ntk4j.data.InputFiles;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.NamedArrays;
import org.ntk4j.finite.Optimizer;
import org.ntk4j.finite.Training;
import org.ntk4j.finite.Until;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Ridge;
import org.ntk4j.inference.Solver;
import org.ntk4j.infinite.PhaseDiagram;
import org.ntk4j.layer.Aggregate;
import org.ntk4j.layer.AvgPool;
import org.ntk4j.layer.BatchNorm;
import org.ntk4j.layer.Conv;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Dropout;
import org.ntk4j.layer.Embedding;
import org.ntk4j.layer.Flatten;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.GlobalSumPool;
import org.ntk4j.layer.Identity;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.LayerNorm;
import org.ntk4j.layer.MaxPool;
import org.ntk4j.layer.Repeat;
import org.ntk4j.layer.Residual;
import org.ntk4j.layer.Resize;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Slice;
import org.ntk4j.layer.SumPool;
import org.ntk4j.network.Network;
import org.ntk4j.panel.HtmlReport;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.shape.Window;
import org.ntk4j.study.option.RegressionOptions;
import org.ntk4j.study.option.SpectrumOption;

/** The words of the language: what scripts and the shell have at hand. Names and options are those of the YAML grammar. */
public final class Ntk {

    private Ntk() {
    }

    /** The network {@code mlp}: width 512, depth 1, relu, wStd 1, no bias, until withers say otherwise. */
    public static Network mlp() {
        return Network.mlp();
    }

    /**
     * Order and chaos in infinitely deep networks of this activation: χ, fixed points and depth scales on a grid of 41 × 41 points, wStd²
     * up to 4 and bStd² up to 1. {@code phaseDiagram(tanh()).plot()} draws it.
     */
    public static PhaseDiagram phaseDiagram(Activation activation) {
        Required.value(activation, "activation");
        return PhaseDiagram.of(activation);
    }

    /**
     * Order and chaos in infinitely deep networks of this activation, on a grid of one's own.
     *
     * @param wVariances wStd², ascending
     * @param bVariances bStd², ascending
     */
    public static PhaseDiagram phaseDiagram(Activation activation, double[] wVariances, double[] bVariances) {
        Required.value(activation, "activation");
        Required.value(wVariances, "wVariances");
        Required.value(bVariances, "bVariances");
        return PhaseDiagram.of(activation, wVariances, bVariances);
    }

    /** A network from a file, YAML or JSON, alone or under the key {@code network}. */
    public static Network network(Path file) {
        return Network.read(file);
    }

    /** A network written in YAML or JSON: {@code network("[{dense: {units: 1}}]")}. */
    public static Network network(String text) {
        return Network.parse(text);
    }

    /** A network of these layers. */
    public static Network network(Layer... layers) {
        return Network.of(layers);
    }

    /** The network {@code cnn}: 64 channels, one convolution of 3×3, relu, {@code same}, flatten, until withers say otherwise. */
    public static Network cnn() {
        return Network.shortcut("cnn");
    }

    /** The network {@code transformer}: one pre-norm block, 4 heads, width 64, gelu, until withers say otherwise. */
    public static Network transformer() {
        return Network.shortcut("transformer");
    }

    /** The network {@code wideResnet}. */
    public static Network wideResnet() {
        return Network.shortcut("wideResnet");
    }

    /** The network {@code myrtle}. */
    public static Network myrtle() {
        return Network.shortcut("myrtle");
    }

    /** A convolution to this many channels, 3×3 unless the filter is given, until withers say otherwise. */
    public static Conv conv(int channels, int... filter) {
        Required.value(filter, "filter");
        return Conv.of(channels, filter);
    }

    /** The mean over windows of this size, which also are the strides. */
    public static AvgPool avgPool(int... window) {
        Required.value(window, "window");
        List<Integer> size = Arrays.stream(window).boxed().toList();
        return new AvgPool(new Window(size, size, "valid"), false);
    }

    /** The sum over windows of this size, which also are the strides. */
    public static SumPool sumPool(int... window) {
        Required.value(window, "window");
        List<Integer> size = Arrays.stream(window).boxed().toList();
        return new SumPool(new Window(size, size, "valid"));
    }

    /** The largest value of windows of this size, which also are the strides; at finite width only. */
    public static MaxPool maxPool(int... window) {
        Required.value(window, "window");
        List<Integer> size = Arrays.stream(window).boxed().toList();
        return new MaxPool(new Window(size, size, "valid"));
    }

    /** The mean over all positions. */
    public static GlobalAvgPool globalAvgPool() {
        return new GlobalAvgPool();
    }

    /** The mean over all positions, as a readout. */
    public static GlobalAvgPool gap() {
        return new GlobalAvgPool();
    }

    /** The sum over all positions. */
    public static GlobalSumPool globalSumPool() {
        return new GlobalSumPool();
    }

    /** The sum over the edges that enter each node, until withers say otherwise. */
    public static Aggregate aggregate() {
        return new Aggregate(new Aggregation("none", false));
    }

    /** Space of another size, by {@code nearest}, {@code linear} or {@code cubic}. */
    public static Resize resize(String method, int... size) {
        Required.value(method, "method");
        Required.value(size, "size");
        return new Resize(Arrays.stream(size).boxed().toList(), method, true);
    }

    /** The positions from these on, one number for each axis of space; {@code to} and {@code step} are withers. */
    public static Slice slice(int... from) {
        Required.value(from, "from");
        return new Slice(Arrays.stream(from).boxed().toList(), List.of(), List.of());
    }

    /** Layer normalization over the channels. */
    public static LayerNorm layerNorm() {
        return new LayerNorm("channels", 1e-12);
    }

    /** Batch normalization without gain and bias; at finite width only. */
    public static BatchNorm batchNorm() {
        return new BatchNorm(1e-5);
    }

    /** Dropout with this probability that a unit stays. */
    public static Dropout dropout(double keep) {
        return new Dropout(keep, "train");
    }

    /** A list of layers repeated several times, each time with weights of its own; with the same ones by {@code shared(true)}. */
    public static Repeat repeat(int times, Layer... layers) {
        return new Repeat(times, false, serial(layers));
    }

    /** Layers with the identity around them. */
    public static Residual residual(Layer... layers) {
        return new Residual(serial(layers), new Serial(List.of()));
    }

    /** A linear map to this many units: wStd 1, no bias, until withers say otherwise. */
    public static Dense dense(int units) {
        return Dense.of(units);
    }

    /** A trained vector of {@code channels} values for each word of a vocabulary: wStd 1 until a wither says otherwise. */
    public static Embedding embedding(int vocabulary, int channels) {
        return Embedding.of(vocabulary, channels);
    }

    /** All positions become channels. */
    public static Flatten flatten() {
        return new Flatten();
    }

    /** Changes nothing. */
    public static Identity identity() {
        return new Identity();
    }

    /** Layers one after the other. */
    public static Serial serial(Layer... layers) {
        Required.values(layers, "layers");
        return new Serial(Arrays.asList(layers));
    }

    /** φ(x) = max(x, 0). */
    public static Relu relu() {
        return new Relu();
    }

    /** φ(x) = x for x &gt; 0, 0.01 x else. */
    public static LeakyRelu leakyRelu() {
        return new LeakyRelu(0.01);
    }

    /** φ(x) = x for x &gt; 0, alpha x else. */
    public static LeakyRelu leakyRelu(double alpha) {
        return new LeakyRelu(alpha);
    }

    /** φ(x) = a·min(x, 0) + b·max(x, 0). */
    public static AbRelu abRelu(double a, double b) {
        return new AbRelu(a, b);
    }

    /** φ(x) = erf(x). */
    public static Erf erf() {
        return new Erf(1, 1, 0);
    }

    /** φ(x) = a·erf(b x) + c. */
    public static Erf erf(double a, double b, double c) {
        return new Erf(a, b, c);
    }

    /** φ(x) = |x|. */
    public static Abs abs() {
        return new Abs();
    }

    /** φ(x) = ½·erf(x / 2.4020563531719796) + ½. */
    public static SigmoidLike sigmoidLike() {
        return new SigmoidLike();
    }

    /** φ(x) = x·Φ(x), Φ the normal distribution. */
    public static Gelu gelu() {
        return new Gelu();
    }

    /** φ(x) = sin(x). */
    public static Sin sin() {
        return new Sin(1, 1, 0);
    }

    /** φ(x) = a·sin(b x + c). */
    public static Sin sin(double a, double b, double c) {
        return new Sin(a, b, c);
    }

    /** φ(x) = cos(x). */
    public static Cos cos() {
        return new Cos(1, 1, 0);
    }

    /** φ(x) = a·cos(b x + c). */
    public static Cos cos(double a, double b, double c) {
        return new Cos(a, b, c);
    }

    /** φ(x) = √2·sin(√2 x + π/4): γ = 1. */
    public static Rbf rbf() {
        return new Rbf(1);
    }

    /** φ(x) = √2·sin(√(2γ) x + π/4). */
    public static Rbf rbf(double gamma) {
        return new Rbf(gamma);
    }

    /** φ(x) = exp(x). */
    public static Exp exp() {
        return new Exp(1, 1);
    }

    /** φ(x) = a·exp(b x). */
    public static Exp exp(double a, double b) {
        return new Exp(a, b);
    }

    /** φ(x) = exp(−x²). */
    public static Gaussian gaussian() {
        return new Gaussian(1, -1);
    }

    /** φ(x) = a·exp(b x²). */
    public static Gaussian gaussian(double a, double b) {
        return new Gaussian(a, b);
    }

    /** φ(x) = −1, 0 or 1. */
    public static Sign sign() {
        return new Sign();
    }

    /** φ(x) = x^degree. */
    public static Monomial monomial(int degree) {
        return new Monomial(degree);
    }

    /** φ(x) = x^degree for x ≥ 0, 0 else; degree 0 is the step function. */
    public static RectifiedMonomial rectifiedMonomial(int degree) {
        return new RectifiedMonomial(degree);
    }

    /** φ(x) = c₀ + c₁ x + c₂ x² + … */
    public static Polynomial polynomial(double... coefficients) {
        Required.value(coefficients, "coefficients");
        return new Polynomial(Arrays.stream(coefficients).boxed().toList());
    }

    /** The probabilists' Hermite polynomial over √(degree!). */
    public static Hermite hermite(int degree) {
        return new Hermite(degree);
    }

    /** φ(x) = exp(−x²)·sin x. */
    public static Gabor gabor() {
        return new Gabor();
    }

    /** The normalised Gaussian kernel: a map of kernels, which no finite network has. */
    public static ExpNormalized expNormalized() {
        return new ExpNormalized(1, -1);
    }

    /** K' = √(q11 q22)·exp(gamma·(ρ + shift)): a map of kernels, which no finite network has. */
    public static ExpNormalized expNormalized(double gamma, double shift) {
        return new ExpNormalized(gamma, shift);
    }

    /** φ(x) = tanh x. At infinite width by quadrature. */
    public static Tanh tanh() {
        return new Tanh();
    }

    /** φ(x) = 1/(1 + e^−x). At infinite width by quadrature. */
    public static Sigmoid sigmoid() {
        return new Sigmoid();
    }

    /** φ(x) = ln(1 + e^x). At infinite width by quadrature. */
    public static Softplus softplus() {
        return new Softplus();
    }

    /** φ(x) = x/(1 + e^−x). At infinite width by quadrature. */
    public static Silu silu() {
        return new Silu();
    }

    /** φ(x) = x for x &gt; 0, e^x − 1 else. At infinite width by quadrature. */
    public static Elu elu() {
        return new Elu();
    }

    /** φ(x) = λx for x &gt; 0, λα(e^x − 1) else. At infinite width by quadrature. */
    public static Selu selu() {
        return new Selu();
    }

    /** φ(x) = x·tanh(ln(1 + e^x)). At infinite width by quadrature. */
    public static Mish mish() {
        return new Mish();
    }

    /** A function of one's own, such as {@code function(Math::tanh)}; at finite width from a table of its values. */
    public static GivenFunction function(DoubleUnaryOperator phi) {
        return GivenFunction.of(phi);
    }

    /** A function of one's own with its exact TensorFlow twin: {@code function(Math::tanh, (tf, x) -> tf.math.tanh(x))}. */
    public static GivenFunction function(DoubleUnaryOperator phi, GivenFunction.Twin twin) {
        return GivenFunction.of(phi, twin);
    }

    /** Inputs from rows, one input a row; without a shape each row is a vector. */
    public static Inputs inputs(double[][] rows, int... shape) {
        return Inputs.of(rows, shape);
    }

    /** Inputs from a CSV or npy file, one input a row, then its shape. */
    public static Inputs inputs(Path file, int... shape) {
        return InputFiles.read(file, shape);
    }

    /**
     * Graphs of different sizes: {@code nodes[i]} has as many rows as example i has nodes, {@code adjacency[i][tail][head]} is the weight
     * of an edge, 0 no edge. Smaller ones are padded. The result is taken wherever {@code inputs(…)} is.
     */
    public static Inputs graphs(double[][][] nodes, double[][][] adjacency) {
        return GraphInputs.of(nodes, adjacency);
    }

    /**
     * Writes rows of numbers, such as predictions: CSV (no head, all digits) or {@code .npy} by the ending of the name.
     *
     * @throws Failure if the ending is another, or the file cannot be written
     */
    public static void save(double[][] rows, Path file) {
        Required.values(rows, "rows");
        Required.value(file, "file");
        NamedArrays.matrix(file, Arrays.asList(rows));
    }

    /** MNIST: 60,000 and 10,000 images from the data folder. */
    public static Dataset mnist() {
        return Dataset.mnist();
    }

    /** 1,000 and 100 images of MNIST that come with the program. */
    public static Dataset mnistSample() {
        return Dataset.mnistSample();
    }

    /** Fashion-MNIST: 60,000 and 10,000 images of clothing from the data folder. */
    public static Dataset fashionMnist() {
        return Dataset.fashionMnist();
    }

    /** CIFAR-10: 50,000 and 10,000 images in colour from the data folder. */
    public static Dataset cifar10() {
        return Dataset.cifar10();
    }

    /** Images from a folder with one sub-folder a class. */
    public static Dataset images(Path folder) {
        return Dataset.images(folder);
    }

    /** Inputs and labels from a table, one input a row. */
    public static Dataset csv(Path file) {
        return Dataset.csv(file);
    }

    /** Labelled texts from a TSV or CSV: {@code sentences(path).columns(3, 2).threshold(0).vectors(glove)}. */
    public static Dataset sentences(Path file) {
        return Dataset.sentences(file);
    }

    /** Generated sentences whose label depends on word order and negation; works offline. */
    public static Dataset phrases() {
        return Dataset.phrases();
    }

    /** Generated images of ±1 noise whose label is in how neighbours of one channel agree; works offline. */
    public static Dataset stripes() {
        return Dataset.stripes();
    }

    /** Generated graphs whose label is a matter of their edges: {@code task("cycle")} or {@code task("bipartite")}; works offline. */
    public static Dataset graphs() {
        return Dataset.graphs();
    }

    /** Graphs from a folder in the text format of TU Dortmund's collection: {@code DS_A.txt} and the others. */
    public static Dataset graphs(Path folder) {
        return Dataset.graphs(folder);
    }

    /**
     * The network {@code gntk}: two blocks of aggregate with self loops and one dense layer with relu each, until withers say otherwise.
     */
    public static Network gntk() {
        return Network.shortcut("gntk");
    }

    /** Training by gradient descent, everything else by default. */
    public static Training gradientDescent() {
        return Training.with(new Optimizer.GradientDescent());
    }

    /** Training with momentum 0.9. */
    public static Training momentum() {
        return momentum(0.9);
    }

    /** Training with momentum. */
    public static Training momentum(double decay) {
        return Training.with(new Optimizer.Momentum(decay));
    }

    /** Training with Nesterov's momentum 0.9. */
    public static Training nesterov() {
        return nesterov(0.9);
    }

    /** Training with Nesterov's momentum. */
    public static Training nesterov(double decay) {
        return Training.with(new Optimizer.Nesterov(decay));
    }

    /** Training with Adam: β₁ 0.9, β₂ 0.999, ε 1e-7. */
    public static Training adam() {
        return Training.with(new Optimizer.Adam(0.9, 0.999, 1e-7));
    }

    /** Training with AdamW: Adam and a weight decay of 0.01. */
    public static Training adamW() {
        return Training.with(new Optimizer.AdamW(0.9, 0.999, 1e-7, 0.01));
    }

    /** Until the loss on the training set is at most this. */
    public static Until trainLoss(double loss) {
        return new Until(OptionalDouble.of(loss), OptionalInt.empty(), OptionalDouble.empty(), Optional.empty());
    }

    /** Until this many steps are done. */
    public static Until maxSteps(int steps) {
        return new Until(OptionalDouble.empty(), OptionalInt.of(steps), OptionalDouble.empty(), Optional.empty());
    }

    /** Until the accuracy on the training set is at least this, 0 to 1. */
    public static Until trainAccuracy(double accuracy) {
        return new Until(OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.of(accuracy), Optional.empty());
    }

    /** Until this time has passed: {@code 90s}, {@code 5m}, {@code 1.5h}. */
    public static Until maxTime(String time) {
        Required.value(time, "time");
        return new Until(OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.empty(), Optional.of(Until.duration(time)));
    }

    /** A seed for initial weights and batches. */
    public static Seed seed(long value) {
        return new Seed(value);
    }

    /** Chosen by the program: a ridge, or a learning rate. */
    public static Auto auto() {
        return Auto.AUTO;
    }

    /** A moment of training: after this many steps of gradient descent. */
    public static Moment steps(double count) {
        return Moment.steps(count);
    }

    /** A moment of training: at a time of gradient flow, learning rate × steps. */
    public static Moment flow(double time) {
        return Moment.flow(time);
    }

    /** The moment at which training has converged. */
    public static Moment infinity() {
        return Moment.infinity();
    }

    /** The ridge with the smallest closed-form leave-one-out error; the same as {@link #auto()}. */
    public static Ridge leaveOneOut() {
        return Ridge.leaveOneOut();
    }

    /** The ridge with the largest marginal likelihood. */
    public static Ridge marginalLikelihood() {
        return Ridge.marginalLikelihood();
    }

    /** How kernel regressions are made: no ridge, at the network's last step and in the limit, until withers say otherwise. */
    public static RegressionOptions regression() {
        return RegressionOptions.defaults();
    }

    /** The report of runs, from their files: each the folder of a run, or {@code out/NAME}. */
    public static HtmlReport report(Path... runs) {
        Required.values(runs, "runs");
        return HtmlReport.of(List.of(runs));
    }

    /** The solver of a regression by Cholesky factorisation. */
    public static Solver.Cholesky cholesky() {
        return new Solver.Cholesky();
    }

    /** The solver of a regression by eigendecomposition. */
    public static Solver.Eigen eigen() {
        return new Solver.Eigen();
    }

    /**
     * The solver of a regression by preconditioned conjugate gradients, to a relative residual of 1e-8 unless {@code residual} says
     * otherwise.
     */
    public static Solver.ConjugateGradient conjugateGradient() {
        return new Solver.ConjugateGradient(Solver.RESIDUAL, 0);
    }

    /** The Nyström approximation of a regression, on 1,000 of the training inputs unless {@code rank} says otherwise. */
    public static Solver.Nystrom nystrom() {
        return new Solver.Nystrom(1000);
    }

    /** Random features in place of a kernel, 4,096 of them unless {@code count} says otherwise. */
    public static Solver.RandomFeatures randomFeatures() {
        return new Solver.RandomFeatures(4096);
    }

    /** Of a kernel's spectrum the k largest eigenvalues: {@code spectrum(top(50))}. */
    public static SpectrumOption top(int k) {
        return SpectrumOption.top(k);
    }
}
