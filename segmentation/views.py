from django.http import HttpResponse
def dependence(request): return HttpResponse("x")
def account_standing(request, pk): return HttpResponse("x")
