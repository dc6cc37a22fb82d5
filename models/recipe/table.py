"""The card's figures as a table for people, kept between two markers of the model's README."""

from pathlib import Path

BEGIN, END = "<!-- card: begin -->", "<!-- card: end -->"


def update_readme(path: Path, card: dict) -> None:
    text = path.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{path}: expected one '{BEGIN}' and one '{END}'; the table is written between them")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{table(card)}\n{END}{after}")


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
