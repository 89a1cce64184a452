package org.ntk4j.result;

/** What is measured; the formulas stand in the reference. */
public enum Quantity {

    /** The share of examples with the right class. */
    ACCURACY("accuracy"),
    /** The mean squared error over examples and outputs. */
    MSE("mse"),
    /** The distance of two functions. */
    RMSE("rmse"),
    /** Pearson's correlation of two functions. */
    CORRELATION("correlation"),
    /** The share of the targets' variance that a function explains. */
    R2("r2"),
    /** The share of examples for which two functions choose the same class. */
    AGREEMENT("agreement"),
    /** McNemar's test of two accuracies. */
    MCNEMAR("mcnemar"),
    /** ‖A − B‖/‖B‖ of two kernels. */
    RELATIVE_FROBENIUS("relativeFrobenius"),
    /** 1 − cosine of two kernels. */
    KERNEL_DISTANCE("kernelDistance"),
    /** Centred kernel alignment. */
    CKA("cka"),
    /** How fast the tangent kernel turns, by step. */
    KERNEL_VELOCITY("kernelVelocity"),
    /** How fast the tangent kernel turns, by time. */
    KERNEL_VELOCITY_PER_TIME("kernelVelocityPerTime"),
    /** Of a kernel with the labels, on the training set. */
    ALIGNMENT("alignment"),
    /** Of a kernel with the labels, on the test set. */
    TEST_ALIGNMENT("testAlignment"),
    /** The largest curvature of the loss. */
    SHARPNESS("sharpness"),
    /** The learning rate over the largest stable one. */
    SHARPNESS_RATIO("sharpnessRatio"),
    /** The neural feature ansatz, by layer. */
    NFA("nfa"),
    /** How far weights moved, by layer. */
    WEIGHT_CHANGE("weightChange"),
    /** Of an eigendirection. */
    LEARNABILITY("learnability"),
    /** The test error that eigenlearning expects. */
    PREDICTED_MSE("predictedMse"),
    /** The power of the number of examples with which the test error falls. */
    ERROR_EXPONENT("errorExponent"),
    /** The power of the width with which a distance of functions falls. */
    RMSE_SLOPE("rmseSlope"),
    /** The power of the width with which a distance of kernels falls. */
    RELATIVE_FROBENIUS_SLOPE("relativeFrobeniusSlope"),
    /** Of the networks' mean over seeds. */
    AVERAGED_ACCURACY("averagedAccuracy"),
    /** Of the networks' mean over seeds. */
    AVERAGED_MSE("averagedMse"),
    /** The kernel alignment risk estimator. */
    KARE("kare"),
    /** The leave-one-out error. */
    LOO_ERROR("looError"),
    /** Of the training. */
    LEARNING_RATE("learningRate"),
    /** Of the training, at its start. */
    LARGEST_STABLE_RATE("largestStableRate"),
    /** Of a regression. */
    RIDGE("ridge"),
    /** Of a kernel. */
    TRACE("trace"),
    /** Of a kernel. */
    FROBENIUS_NORM("frobeniusNorm"),
    /** Of a kernel. */
    MIN_EIGENVALUE("minEigenvalue"),
    /** Of a kernel. */
    MAX_EIGENVALUE("maxEigenvalue"),
    /** Of a kernel. */
    CONDITION_NUMBER("conditionNumber"),
    /** Of a kernel. */
    EFFECTIVE_RANK("effectiveRank"),
    /** Of a kernel's spectrum. */
    PARTICIPATION_RATIO("participationRatio"),
    /** Of the ensemble. */
    VARIANCE("variance"),
    /** Of the networks' mean over seeds from that of the ensemble. */
    MEAN_RMSE("meanRmse"),
    /** What it would be if the ensemble described the networks. */
    MEAN_RMSE_EXPECTED("meanRmseExpected"),
    /** Of the networks over seeds. */
    SAMPLE_VARIANCE("sampleVariance"),
    /** Of the ensemble at the same moment. */
    PREDICTED_VARIANCE("predictedVariance"),
    /** The sample variance over the predicted one. */
    VARIANCE_RATIO("varianceRatio"),
    /** By how much f_T is closer to NN_T than another regression is. */
    CLOSER_BY("closerBy", true),
    /** How sure that is. */
    CLOSER_CONFIDENCE("closerConfidence", true),
    /** Yes, no or undecided. */
    CLOSER_VERDICT("closerVerdict", true),
    /** By how much NN_T is right more often than another function. */
    ACCURACY_DIFFERENCE("accuracyDifference", true),
    /** By how much its mean squared error is larger. */
    MSE_DIFFERENCE("mseDifference", true),
    /** The share of NN_T − f_∞ in an eigendirection of Θ_∞. */
    DIFFERENCE_ENERGY("differenceEnergy"),
    /** The share of NN_T − f_∞ in the leading eigendirections of Θ_∞. */
    DIFFERENCE_ENERGY_TOP("differenceEnergyTop"),
    /** The share of NN_T itself in the leading eigendirections of Θ_∞. */
    FUNCTION_ENERGY_TOP("functionEnergyTop"),
    /** The share of a residual in an eigendirection. */
    MODE_ENERGY("modeEnergy"),
    /** What is left of it, beyond what the kernel predicts. */
    MODE_EXCESS("modeExcess"),
    /** Of a kernel's trace, by layer. */
    SHARE("share");

    private final String word;
    private final boolean pooled;

    Quantity(String word) {
        this(word, false);
    }

    Quantity(String word, boolean pooled) {
        this.word = word;
        this.pooled = pooled;
    }

    /** The quantity itself, as a metric. */
    public Metric metric() {
        return new Metric(this, Metric.End.VALUE, "");
    }

    /** The lower end of its 95 % interval. */
    public Metric low() {
        return metric().low();
    }

    /** The upper end of its 95 % interval. */
    public Metric high() {
        return metric().high();
    }

    /** The quantity of one layer, by the name of its weights. */
    public Metric ofLayer(String layer) {
        return new Metric(this, Metric.End.VALUE, "/" + layer);
    }

    /** The quantity of one direction, counted from 0. */
    public Metric of(int index) {
        return new Metric(this, Metric.End.VALUE, "." + index);
    }

    /** Whether it is computed anew from the functions of all seeds, instead of being averaged over them. */
    public boolean isPooled() {
        return pooled;
    }

    /** The word with which its metrics begin in CSV. */
    @Override
    public String toString() {
        return word;
    }
}
