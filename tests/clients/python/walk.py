"""Walks one order from its deployment to its end, with the official Python client, unmodified.

The client decodes every answer into its models and refuses one that lacks a field.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.errors import ApiError
from camunda_orchestration_sdk.models import (
    IncidentSearchQuery,
    JobActivationRequest,
    JobCompletionRequest,
    JobFailRequest,
    JobUpdateRequest,
    ProcessCreationById,
    ProcessInstanceSearchQuery,
    VariableSearchQuery,
)

BPMN = Path(__file__).parent.parent / "order.bpmn"
passed = 0


def start_server(folder):
    """Starts the server binary on a free port and reads its address."""
    binary = os.environ.get("DACAPO_BIN")
    if not binary:
        sys.exit("expected the path of the dacapo binary in DACAPO_BIN, found nothing")
    command = [binary, "serve", "--http", "127.0.0.1:0", "--data-dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return server, found.group()
    sys.exit(f"the server ended with {server.wait()} before it listened")


def ok(name):
    """Counts and prints a step that is done."""
    global passed
    passed += 1
    print(f"ok {passed} {name}", flush=True)


def expect(expected, found):
    """Compares what the server answered with what it should."""
    if expected != found:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


def refused(status, work):
    """Expects the server to answer with a status that the client raises."""
    try:
        work()
    except ApiError as error:
        expect(status, error.status_code)
        return
    raise AssertionError(f"expected status {status}, found an answer")


def activate(client, kind):
    """Takes the one job of a type that waits."""
    request = JobActivationRequest(
        type_=kind, worker="walk", timeout=60_000, max_jobs_to_activate=1, request_timeout=5_000
    )
    jobs = client.activate_jobs(data=request).jobs
    expect(1, len(jobs))
    return jobs[0]


def walk(client):
    """Walks deploy, create, work, fail, incident, resolve, complete."""
    topology = client.get_topology()
    expect((1, "leader"), (len(topology.brokers), topology.brokers[0].partitions[0].role.value))
    client.get_status()
    client.get_license()
    expect(["<default>"], [it.tenant_id for it in client.get_authentication().tenants])
    ok("topology, status, licence, who am I")

    first = client.deploy_resources_from_files([BPMN])
    again = client.deploy_resources_from_files([BPMN])
    definition = first.processes[0]
    expect("order", definition.process_definition_id)
    expect(definition.process_definition_key, again.processes[0].process_definition_key)
    ok("deploy")

    key = definition.process_definition_key
    expect("Order", client.get_process_definition(key).name)
    expect(BPMN.read_text(encoding="utf-8"), client.get_process_definition_xml(key))
    ok("read the definition back")

    variables = ProcessCreationById.from_dict(
        {"processDefinitionId": "order", "variables": {"amount": 12.5, "customer": {"name": "Zoë"}}}
    )
    created = client.create_process_instance(data=variables)
    expect(key, created.process_definition_key)
    instance = created.process_instance_key
    ok("create an instance")

    unknown = ProcessCreationById.from_dict({"processDefinitionId": "none"})
    refused(404, lambda: client.create_process_instance(data=unknown))
    ok("an unknown process is refused")

    charge = activate(client, "charge")
    expect((instance, "charge", 3), (charge.process_instance_key, charge.element_id, charge.retries))
    expect({"amount": 12.5, "customer": {"name": "Zoë"}}, charge.variables.to_dict())
    expect({"currency": "EUR"}, charge.custom_headers.to_dict())
    ok("activate the job")

    failure = JobFailRequest(retries=0, error_message="the card was refused")
    client.fail_job(charge.job_key, data=failure)
    expect(True, client.get_process_instance(instance).has_incident)
    ok("fail it: no retries are left, so there is an incident")

    query = IncidentSearchQuery.from_dict(
        {"filter": {"processInstanceKey": instance, "state": "ACTIVE"}}
    )
    incidents = client.search_incidents(data=query).items
    expect(1, len(incidents))
    expect("JOB_NO_RETRIES", incidents[0].error_type.value)
    expect("the card was refused", incidents[0].error_message)
    retries = JobUpdateRequest.from_dict({"changeset": {"retries": 1}})
    client.update_job(charge.job_key, data=retries)
    client.resolve_incident(incidents[0].incident_key)
    expect("RESOLVED", client.get_incident(incidents[0].incident_key).state.value)
    ok("find the incident, give the job a retry, resolve")

    again = activate(client, "charge")
    expect(charge.job_key, again.job_key)
    client.complete_job(again.job_key, data=JobCompletionRequest.from_dict({"variables": {"charged": True}}))
    refused(404, lambda: client.complete_job(again.job_key))
    ok("complete the job, once")

    ship = activate(client, "ship")
    client.complete_job(ship.job_key)
    ended = client.get_process_instance(instance)
    expect(("COMPLETED", False), (ended.state.value, ended.has_incident))
    ok("complete the last job without a body: the instance is complete")

    query = VariableSearchQuery.from_dict(
        {"filter": {"processInstanceKey": instance}, "sort": [{"field": "name", "order": "ASC"}]}
    )
    found = [(it.name, it.value) for it in client.search_variables(data=query).items]
    expect([("amount", "12.5"), ("charged", "true"), ("customer", '{"name":"Zoë"}')], found)
    ok("its variables remain")

    query = ProcessInstanceSearchQuery.from_dict({"filter": {"state": {"$in": ["COMPLETED"]}}})
    expect(1, client.search_process_instances(data=query).page.total_items)
    ok("search by state")


def main():
    """Runs the walk against a server of its own."""
    folder = tempfile.mkdtemp(prefix="dacapo-walk-")
    server, address = start_server(folder)
    code = 1
    try:
        configuration = {"CAMUNDA_REST_ADDRESS": address, "CAMUNDA_AUTH_STRATEGY": "NONE"}
        with CamundaClient(configuration=configuration) as client:
            walk(client)
        code = 0
    except Exception as error:  # the step that failed is named, whatever was wrong
        print(f"not ok {passed + 1} {type(error).__name__}: {error}", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        ended = server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
    if ended != 0:
        print(f"expected the server to end with 0, found {ended}")
        code = 1
    print(f"all {passed} steps" if code == 0 else "failed")
    return code


sys.exit(main())
