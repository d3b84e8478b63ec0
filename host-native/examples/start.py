"""Starts an order of the demo process, with the official Python client of Camunda 8, unmodified.

pip install camunda-orchestration-sdk
CAMUNDA_REST_ADDRESS=http://127.0.0.1:8080 CAMUNDA_AUTH_STRATEGY=NONE python start.py
"""

from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import ProcessCreationById

with CamundaClient() as client:  # reads CAMUNDA_REST_ADDRESS and CAMUNDA_AUTH_STRATEGY
    order = {"id": "C-1", "customer": "Margaret", "total": 80}
    request = ProcessCreationById.from_dict({"processDefinitionId": "order", "variables": {"order": order}})
    print(client.create_process_instance(data=request).process_instance_key)
