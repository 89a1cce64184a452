package org.ntk4j.spark;

import java.io.Serializable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Machine;
import org.ntk4j.rows.Rows;

/**
 * What must be the same in all processes for their tiles to have the same bytes.
 *
 * @param ntk4j   version
 * @param java    feature release
 * @param vectors whether Java's vector instructions are there: values are the same without, but take several times as long
 */
record Facts(String ntk4j, int java, boolean vectors) implements Serializable {

    static Facts here() {
        return new Facts(Machine.ntk4j(), Runtime.version().feature(), Rows.vectors());
    }

    /**
     * Goes on if this process suits the one that sent the work.
     *
     * @throws Failure in one line otherwise
     */
    void check(String host) {
        check(host, here());
    }

    /** Goes on if the process of which these facts are known suits the one that sent the work. */
    void check(String host, Facts here) {
        if (!ntk4j.equals(here.ntk4j)) {
            throw Failure.input("executor on " + host + ": its ntk4j is " + here.ntk4j + " and this one " + ntk4j
                    + "; tiles of different versions do not go together, put the same jar everywhere");
        }
        if (java != here.java) {
            throw Failure.input("executor on " + host + ": it runs on Java " + here.java + " and this process on Java " + java
                    + "; last digits may differ, so use the same (spark.executorEnv.JAVA_HOME, or JAVA_HOME here)");
        }
        if (vectors && !here.vectors) {
            throw Failure.input("executor on " + host + ": Java's vector instructions are not there, and kernels would take several times "
                    + "as long; add --add-modules jdk.incubator.vector to spark.executor.extraJavaOptions");
        }
    }
}
