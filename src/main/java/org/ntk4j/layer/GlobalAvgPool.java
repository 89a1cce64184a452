package org.ntk4j.layer;

/** {@code globalAvgPool}: the mean over all real positions; at infinite width over all pairs of them. */
public record GlobalAvgPool() implements GlobalPool {

    @Override
    public String name() {
        return "globalAvgPool";
    }

    @Override
    public boolean isMean() {
        return true;
    }
}
