package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.chart.Axis;
import org.ntk4j.chart.Chart;
import org.ntk4j.chart.Curve;
import org.ntk4j.chart.DataTable;
import org.ntk4j.chart.Ink;
import org.ntk4j.chart.Panel;
import org.ntk4j.chart.Plot;
import org.ntk4j.chart.Point;
import org.ntk4j.chart.Rule;
import org.ntk4j.chart.Words;

/** A regression as its leave-one-out error over the ridge, next to the eigenvalues that the ridge is to be compared with. */
final class FitPanel {

    /** Eigenvalues of a kernel that cannot be decomposed. */
    private static final int LEADING = 50;

    private FitPanel() {
    }

    static Panel of(Fit fit) {
        RidgePath path = fit.ridgePath();
        List<RidgePoint> points = path.points();
        RidgePoint best = points.stream().min(Comparator.comparingDouble(RidgePoint::looError)).orElseThrow();
        Ink loo = Ink.nth(0, "leave-one-out error");
        Ink kare = Ink.nth(1, "KARE");
        Plot errors = Plot.of("Error over the ridge", Axis.log("ridge"), Axis.log("mean squared error"),
                List.of(Curve.of(loo, Curve.Style.MARKED, points.stream().map(p -> Point.of(p.absolute(), p.looError())).toList()),
                        Curve.of(kare, Curve.Style.LINE, points.stream().map(p -> Point.of(p.absolute(), p.kare())).toList())));
        double[] descending = fit.leadingEigenvalues(LEADING);
        List<Point> spectrum = IntStream.range(0, descending.length).mapToObj(i -> Point.of(i + 1, descending[i])).toList();
        Plot eigenvalues = Plot.of("Eigenvalues of K(train, train)", Axis.log("index"), Axis.log("eigenvalue"),
                List.of(new Curve("", Ink.of("labels"), Curve.Style.LINE, spectrum)));
        if (fit.ridge() > 0) {
            errors = errors.with(Rule.moment(fit.ridge(), "this ridge"));
            eigenvalues = eigenvalues.with(Rule.level(fit.ridge(), "ridge"));
        }
        List<List<String>> rows = new ArrayList<>();
        points.forEach(p -> rows.add(List.of(Words.number(p.absolute()), Words.number(p.looError()), Words.number(p.kare()))));
        String title = "With a ridge of " + Words.number(fit.ridge()) + " the leave-one-out error is " + Words.number(fit.looError())
                + "; the least on the way is "
                + Words.number(best.looError()) + ", at " + Words.number(best.absolute());
        return Panel.of("fit", title, fit + ". The ridges go from 1e-10 to 100 times the mean diagonal of the kernel."
                + (path.note().isEmpty() ? "" : " They are " + path.note() + "."))
                .with(Chart.of(errors, eigenvalues))
                .numbers(new DataTable(List.of("ridge", "leave-one-out error", "KARE"), rows));
    }
}
