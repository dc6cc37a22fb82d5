"""The card's figures as tables for people, kept between markers of a document."""

from pathlib import Path


def write_between(path: Path, name: str, table: str) -> None:
    """Replaces what stands in a document between the markers called `name`."""
    before, _, after = around(path, name)
    path.write_text(f"{before}{begin(name)}\n{table}\n{end(name)}{after}")


def around(path: Path, name: str) -> tuple[str, str, str]:
    """A document's text before, between and after the markers called `name`."""
    text = path.read_text()
    if text.count(begin(name)) != 1 or text.count(end(name)) != 1:
        raise ValueError(f"{path}: expected one '{begin(name)}' and one '{end(name)}'; the table is written between them")
    before, rest = text.split(begin(name))
    between, after = rest.split(end(name))
    return before, between.strip(), after


def begin(name: str) -> str:
    return f"<!-- {name}: begin -->"


def end(name: str) -> str:
    return f"<!-- {name}: end -->"


def table(card: dict) -> str:
    return "\n\n".join([precision_table(card), fact_table(card)])


def precision_table(card: dict) -> str:
    holdout = card["holdout"]
    rows = [("all", holdout["all"]), *holdout["classes"].items()]
    lines = [f"| holdout, {holdout['frames']} frames | objects | AP50 | AP75 | AP |", "| --- | --- | --- | --- | --- |"]
    for name, row in rows:
        cells = " | ".join(figure(row[title]) for title in ("ap50", "ap75", "ap"))
        lines.append(f"| {name} | {row['objects']} | {cells} |")
    return "\n".join(lines)


def figure(value: dict) -> str:
    return f"{value['value']:.3f} ({value['low']:.3f}–{value['high']:.3f})"


def fact_table(card: dict) -> str:
    speed, training, nms = card["speed"], card["training"], card["thresholds"]["nms"]
    facts = [
        ("version", f"{card['version']}, SHA-256 `{card['sha256'][:12]}…`"),
        ("data set", f"{card['dataset']['name']}, SHA-256 `{card['dataset']['sha256'][:12]}…`"),
        ("operations", f"{speed['gflop']} GFLOP a frame (2 × multiply-adds), {speed['parameters']:,} parameters"),
        ("speed", f"{speed['medianMs']} ms ({speed['medianCpuMs']} ms of processor time), one thread, median of {speed['runs']} runs"),
        ("measured with", speed["runtime"]),
        ("thresholds", f"score {card['thresholds']['score']}, NMS at IoU {nms['iou']}, {scope(nms)}"),
        ("training", f"{training['images']} frames, {training['epochs']} epochs, {training['hours']} h on {training['hardware']}"),
    ]
    return "\n".join(["| fact | value |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts)])


def scope(nms: dict) -> str:
    return "per class" if nms["perClass"] else "over all classes"
