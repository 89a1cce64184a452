package org.ntk4j.layer;

/** {@code globalSumPool}: the sum over all real positions; at infinite width over all pairs of them. */
public record GlobalSumPool() implements GlobalPool {

    @Override
    public String name() {
        return "globalSumPool";
    }

    @Override
    public boolean isMean() {
        return false;
    }
}
